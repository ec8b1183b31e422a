import { Refused } from '../errors.ts'
import { sha256 } from '../ids.ts'
import { legacyKey } from '../oauth/app.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { mayReadOthers } from '../owner.ts'
import { textParam } from '../params.ts'
import { personByLogin } from '../people.ts'
import type { Reply } from '../reply.ts'

/**
 * Revokes one token, or all that a person gave to the application. The page asks for the role Web Services
 * Administrator; one's own token may go without it (decided here). A refresh token goes with its token.
 * Follows: developer.concur.com, Authorization before 2017, revoking. Verified: 2026-08
 */

const revokeOne = (sandbox: Sandbox, ask: Ask, value: string): void => {
  const { legacyTokens } = sandbox.state.memory
  const token = legacyTokens.get(sha256(value))
  const owner = token === undefined ? undefined : personByLogin(token.principal.login)
  if (token === undefined || owner?.home !== ask.dataCentre) throw new Refused(404, 'token: it is not known')
  const own = ask.principal?.kind === 'user' && ask.principal.login === owner.login
  if (!own && !mayReadOthers(ask)) {
    throw new Refused(403, `token: another person's needs the role Web Services Administrator`)
  }
  for (const [hash, { refreshHash }] of [...legacyTokens]) {
    if (refreshHash === token.refreshHash) sandbox.state.record({ kind: 'legacy-dropped', hash })
  }
}

const revokeAll = (sandbox: Sandbox, ask: Ask): void => {
  const key = textParam(ask.query, 'consumerKey')
  const user = textParam(ask.query, 'user')
  if (key === undefined || user === undefined) {
    throw new Refused(400, 'send token, or consumerKey and user')
  }
  if (!mayReadOthers(ask)) throw new Refused(403, 'user: needs the role Web Services Administrator')
  if (key !== legacyKey) throw new Refused(403, 'consumerKey: it is not known')
  const person = personByLogin(user)
  if (person?.home !== ask.dataCentre) throw new Refused(404, 'user: nobody of this company has this login')
  const principal = { kind: 'user', login: person.login } as const
  sandbox.state.record({ kind: 'legacy-revoked', principal, client: key })
}

const revoke = (sandbox: Sandbox, ask: Ask): Reply => {
  const token = textParam(ask.query, 'token')
  if (token === undefined) revokeAll(sandbox, ask)
  else revokeOne(sandbox, ask, token)
  return { status: 200 }
}

export const legacyRevokeOperation: Operation = {
  name: 'legacy.revoke',
  follows: 'Authorization before 2017, Revoking access tokens',
  method: 'POST',
  path: '/net2/oauth2/RevokeToken.ashx',
  family: 'legacy',
  access: 'bearer',
  run: revoke,
}
