import { newOtp, newUuid, sha256 } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { type Person, personByLogin } from '../people.ts'
import type { Reply } from '../reply.ts'
import type { Principal } from '../state.ts'
import { checkClient } from './client.ts'
import { answerOauth, OauthError } from './codes.ts'
import { formOf } from './form.ts'
import { checkHome, type GrantAsk, required, whole, wishedScope } from './grant-ask.ts'
import type { Grant } from './issue.ts'

/**
 * One-time passwords: asked for at `/otp`, mailed, and exchanged with the same parameters.
 * Follows: developer.concur.com, Authentication, One-time password grant and error codes 56 to 58 and
 * 80 to 85. Verified: 2026-08
 *
 * Decided here, because the page is silent: eight digits, good for 15 minutes and once; three may be open for
 * one address. What is mailed can be read at `GET /sandbox/mail`.
 */
const lifeMs = 15 * 60_000
const mostOpen = 3

/** Parameters with a meaning of their own; all others are the sender's facts, which must come back. */
const ownNames = new Set([
  ...['client_id', 'client_secret', 'grant_type', 'scope', 'otp', 'channel_type', 'channel_handle'],
  ...['name', 'company', 'link'],
])

const factsOf = (form: URLSearchParams): string =>
  JSON.stringify([...form].filter(([name]) => !ownNames.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)))

/** The e-mail address, else 57, 58, 80 or 81. */
const handleOf = (form: URLSearchParams): string => {
  const channel = required(form, 'channel_type', 57)
  const handle = required(form, 'channel_handle', 58)
  if (channel !== 'email') throw new OauthError(80)
  if (!/^[^\s@]+@[^\s@]+$/.test(handle)) throw new OauthError(81)
  return handle.trim().toLowerCase()
}

const personOf = (handle: string): Person => {
  const person = personByLogin(handle)
  if (person === undefined) throw new OauthError(55)
  if (person.problem !== null) throw new OauthError(person.problem)
  return person
}

const openOnes = (sandbox: Sandbox, handle: string) =>
  [...sandbox.state.memory.otps].filter(
    ([, otp]) => otp.handle === handle && otp.expiresAt > sandbox.clock.now(),
  )

const sendOtp = (sandbox: Sandbox, ask: Ask): Reply => {
  const form = formOf(ask)
  if (form === undefined) throw new OauthError(135)
  const app = checkClient(form)
  const handle = handleOf(form)
  const principal: Principal = { kind: 'user', login: personOf(handle).login }
  checkHome({ sandbox, ask, app, form }, principal)
  if (openOnes(sandbox, handle).length >= mostOpen) throw new OauthError(82)
  const otp = newOtp()
  const now = sandbox.clock.now()
  sandbox.state.record({
    kind: 'otp',
    id: newUuid(),
    otp: { handle, hash: sha256(otp), facts: factsOf(form), expiresAt: now + lifeMs },
  })
  sandbox.mail.send({ at: new Date(now).toISOString(), to: handle, otp, link: form.get('link') })
  return { status: 200, body: { message: 'otp sent' } }
}

/** Grant type `otp`. */
export const otpGrant = (given: GrantAsk): Grant => {
  const { sandbox, form } = given
  const otp = required(form, 'otp', 56)
  const handle = handleOf(form)
  const scope = wishedScope(form)
  const principal: Principal = { kind: 'user', login: personOf(handle).login }
  checkHome(given, principal)
  const open = openOnes(sandbox, handle)
  if (open.length === 0) throw new OauthError(83)
  const hit = open.find(([, one]) => one.hash === sha256(otp))
  if (hit === undefined) throw new OauthError(85)
  const [id, { facts }] = hit
  if (facts !== factsOf(form)) throw new OauthError(84)
  sandbox.state.record({ kind: 'otp-used', id })
  return whole(principal, scope)
}

export const otpOperation: Operation = {
  name: 'oauth.otp',
  follows: 'Authentication, One-time password grant',
  method: 'POST',
  path: '/oauth2/v0/otp',
  family: 'oauth',
  access: 'open',
  run: (sandbox, ask) => answerOauth(ask, () => sendOtp(sandbox, ask)),
}
