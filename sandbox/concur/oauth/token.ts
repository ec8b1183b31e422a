import { numberOf } from '../faults.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import type { Reply } from '../reply.ts'
import { checkClient } from './client.ts'
import { answerOauth, OauthError } from './codes.ts'
import { formOf } from './form.ts'
import { grants } from './grants.ts'
import { issueTokens } from './issue.ts'

const strike = ({ faults }: Sandbox, operation: string): void => {
  const away = faults.strike('wrong-geolocation', operation)
  if (away !== undefined) throw new OauthError(16, String(away.value))
  const any = faults.strike('oauth-error', operation)
  if (any !== undefined) throw new OauthError(numberOf(any, 5))
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

/** Follows: developer.concur.com, Authentication, token endpoint. Verified: 2026-08 */
export const tokenOperation: Operation = {
  name: 'oauth.token',
  follows: 'Authentication, Token endpoint',
  method: 'POST',
  path: '/oauth2/v0/token',
  family: 'oauth',
  access: 'open',
  run: (sandbox, ask) => answerOauth(ask, () => grantTokens(sandbox, ask)),
}
