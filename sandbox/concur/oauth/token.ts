import { numberOf } from '../faults.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import type { Reply } from '../reply.ts'
import { appId, appSecret } from './app.ts'
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

const checkClient = (form: URLSearchParams): void => {
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  if (id === null || id === '') throw new OauthError(62)
  if (secret === null || secret === '') throw new OauthError(63)
  if (id !== appId) throw new OauthError(61)
  if (secret !== appSecret) throw new OauthError(64)
}

const grantTokens = (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const form = formOf(ask)
  if (form === undefined) throw new OauthError(135)
  const kind = form.get('grant_type')
  if (kind === null || kind === '') throw new OauthError(65)
  ask.noteGrant(grants.has(kind) ? kind : 'other')
  checkClient(form)
  const grant = grants.get(kind)
  if (grant === undefined) throw new OauthError(60)
  strike(sandbox, ask.operation)
  return issueTokens(sandbox, ask, grant(sandbox, form))
}

/** Follows: developer.concur.com, Authentication, token endpoint. Verified: 2026-08 */
export const tokenOperation: Operation = {
  name: 'oauth.token',
  method: 'POST',
  path: '/oauth2/v0/token',
  family: 'oauth',
  access: 'open',
  run: async (sandbox, ask) => {
    try {
      return await grantTokens(sandbox, ask)
    } catch (error) {
      if (!(error instanceof OauthError)) throw error
      return oauthErrorReply(error.code, error.geolocation ?? ask.baseUrl)
    }
  },
}
