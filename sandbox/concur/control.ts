import { randomBytes } from 'node:crypto'
import { companyIds, isDataCentre } from './data-centres.ts'
import { Refused } from './errors.ts'
import { readFaults } from './faults.ts'
import { sha256 } from './ids.ts'
import { appById, appId } from './oauth/app.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { sandboxPage } from './page.ts'
import { type Person, personByLogin } from './people.ts'
import { jsonValue } from './read-body.ts'
import type { Reply } from './reply.ts'
import type { Principal } from './state.ts'

/** The sandbox's own addresses, for tests and people; the vendor has nothing like them. */

const objectBody = (ask: Ask): Readonly<Record<string, unknown>> => {
  if (ask.body.length === 0) return {}
  const value = jsonValue(ask.body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, 'send a JSON object')
  }
  return value as Record<string, unknown>
}

const moveClock = (sandbox: Sandbox, ask: Ask): Reply => {
  const seconds = objectBody(ask)['addSeconds']
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || Math.abs(seconds) > 1e9) {
    throw new Refused(400, 'addSeconds: a whole number of seconds')
  }
  sandbox.state.record({ kind: 'clock', addSeconds: seconds })
  sandbox.clock.move(seconds)
  const now = new Date(sandbox.clock.now()).toISOString()
  return { status: 200, body: { now, offsetSeconds: sandbox.clock.offsetSeconds() } }
}

/** The person of a body's `login`; undefined when it has none. */
const loginOf = (login: unknown): Person | undefined => {
  if (login === undefined) return undefined
  if (typeof login !== 'string') throw new Refused(400, 'login: a text')
  const person = personByLogin(login)
  if (person === undefined) throw new Refused(400, 'login: nobody has it')
  return person
}

const revoke = (sandbox: Sandbox, ask: Ask): Reply => {
  const { login, company } = objectBody(ask)
  const person = loginOf(login)
  if (company !== undefined && (!isDataCentre(company) || person !== undefined)) {
    throw new Refused(400, 'company: us2 or eu2, without login')
  }
  let principal: Principal | null = person === undefined ? null : { kind: 'user', login: person.login }
  if (isDataCentre(company)) principal = { kind: 'company', home: company }
  sandbox.state.record({ kind: 'revoked', principal })
  return { status: 200, body: { revoked: person?.login ?? company ?? 'everything' } }
}

const requestTokenLifeMs = 24 * 3_600_000

/**
 * A request token, as a company's administrator makes one in the vendor's self-service tool, or as the
 * App Center hands one over for the person who pressed Connect (with `login`): 24 hours, reusable.
 * Exchange it by the password grant with credtype=authtoken.
 * Follows: developer.concur.com, Company-level authentication. Verified: 2026-08
 */
const requestToken = (sandbox: Sandbox, ask: Ask): Reply => {
  const { company = 'us2', client = appId, login } = objectBody(ask)
  if (!isDataCentre(company)) throw new Refused(400, 'company: us2 or eu2')
  if (typeof client !== 'string' || appById(client) === undefined) {
    throw new Refused(400, 'client: the client id of an application of the sandbox')
  }
  const person = loginOf(login)
  const principal: Principal =
    person === undefined ? { kind: 'company', home: company } : { kind: 'user', login: person.login }
  const token = `at-${randomBytes(20).toString('hex')}`
  const expiresAt = sandbox.clock.now() + requestTokenLifeMs
  sandbox.state.record({ kind: 'request-token', hash: sha256(token), expiresAt, client, principal })
  const companyId = companyIds[person?.home ?? company]
  return {
    status: 200,
    body: {
      username: person?.id ?? companyId,
      requestToken: token,
      expires: new Date(expiresAt).toISOString(),
      companyId,
    },
  }
}

const putFaults = (sandbox: Sandbox, ask: Ask, operations: readonly string[]): Reply => {
  const faults = readFaults(jsonValue(ask.body), operations)
  if (typeof faults === 'string') throw new Refused(400, faults)
  sandbox.state.record({ kind: 'faults', faults })
  return { status: 200, body: faults }
}

/** `operations` are the ones of the vendor's side, for the page and for checking faults. */
export const controlOperations = (operations: readonly Operation[]): readonly Operation[] => {
  const shared = { family: 'control', access: 'open', follows: null } as const
  const names = operations.map((operation) => operation.name)
  const faults = { ...shared, path: '/sandbox/faults' }
  const calls = { ...shared, path: '/sandbox/calls' }
  return [
    {
      ...{ ...shared, name: 'page', method: 'GET', path: '/' },
      run: (sandbox, ask) => ({ status: 200, html: sandboxPage(sandbox, ask.baseUrl, operations) }),
    },
    {
      ...{ ...faults, name: 'sandbox.faults.get', method: 'GET' },
      run: (sandbox) => ({ status: 200, body: sandbox.state.memory.faults }),
    },
    {
      ...{ ...faults, name: 'sandbox.faults.put', method: 'PUT' },
      run: (sandbox, ask) => putFaults(sandbox, ask, names),
    },
    {
      ...{ ...faults, name: 'sandbox.faults.delete', method: 'DELETE' },
      run: (sandbox) => {
        sandbox.state.record({ kind: 'faults', faults: [] })
        return { status: 200, body: [] }
      },
    },
    {
      ...{ ...calls, name: 'sandbox.calls.get', method: 'GET' },
      run: (sandbox) => ({ status: 200, body: sandbox.calls.list() }),
    },
    {
      ...{ ...calls, name: 'sandbox.calls.delete', method: 'DELETE' },
      run: (sandbox) => {
        sandbox.calls.clear()
        return { status: 200, body: sandbox.calls.list() }
      },
    },
    {
      ...{ ...shared, name: 'sandbox.mail', method: 'GET', path: '/sandbox/mail' },
      run: (sandbox) => ({ status: 200, body: sandbox.mail.list() }),
    },
    { ...shared, name: 'sandbox.clock', method: 'POST', path: '/sandbox/clock', run: moveClock },
    { ...shared, name: 'sandbox.revoke', method: 'POST', path: '/sandbox/revoke', run: revoke },
    {
      ...{ ...shared, name: 'sandbox.request-token', method: 'POST', path: '/sandbox/request-token' },
      run: requestToken,
    },
  ]
}
