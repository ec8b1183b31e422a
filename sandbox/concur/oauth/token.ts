import { numberOf } from '../faults.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import type { Reply } from '../reply.ts'
import { type App, appById } from './app.ts'
import { OauthError, oauthErrorReply } from './codes.ts'
import { formOf } from './form.ts'
import { grants } from './grants.ts'
import { issueTokens } from './issue.ts'

const strike = ({ faults }: Sandbox, operation: string): void => {
  const away = faults.strike('wrong-geolocation', operation)
  if (away !== undefined) throw new OauthError(16, String(away.value))
  const any = faults.strike('oauth-error', operation)
  if (any !== undefined) throw new OauthError(numberOf(any, 5))
}

/** Follows: developer.concur.com, Authentication, error codes 59 to 64. Verified: 2026-08 */
const checkClient = (form: URLSearchParams): App => {
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  if (id === null || id === '') throw new OauthError(62)
  if (secret === null || secret === '') throw new OauthError(63)
  const app = appById(id)
  if (app === undefined) throw new OauthError(61)
  if (secret !== app.secret) throw new OauthError(64)
  if (app.disabled) throw new OauthError(59)
  return app
}

const grantTokens = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const form = formOf(ask)
  if (form === undefined) throw new OauthError(135)
  const kind = form.get('grant_type')
  if (kind === null || kind === '') throw new OauthError(65)
  ask.noteGrant(grants.has(kind) ? kind : 'other')
  const app = checkClient(form)
  const grant = grants.get(kind)
  if (grant === undefined || !app.grants.includes(kind)) throw new OauthError(60)
  strike(sandbox, ask.operation)
  // From here to the reply nothing waits: of two who send one code or one dying token, one comes first.
  const sign = await sandbox.keys.signer()
  return issueTokens(sandbox, ask, app, grant({ sandbox, ask, app, form }), sign)
}

/** Runs an operation of the token address; an `OauthError` becomes its reply. */
const answerOauth = async (ask: Ask, run: () => Reply | Promise<Reply>): Promise<Reply> => {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof OauthError)) throw error
    return oauthErrorReply(error.code, error.geolocation ?? ask.baseUrl)
  }
}

/** Follows: developer.concur.com, Authentication, token endpoint. Verified: 2026-08 */
export const tokenOperation: Operation = {
  name: 'oauth.token',
  method: 'POST',
  path: '/oauth2/v0/token',
  family: 'oauth',
  access: 'open',
  run: (sandbox, ask) => answerOauth(ask, () => grantTokens(sandbox, ask)),
}
