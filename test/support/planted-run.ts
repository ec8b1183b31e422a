import { expect } from 'vitest'
import type { EchoShape } from './echoing-vendor.ts'
import type { Planted } from './planted.ts'
import { malformed, onTheWire } from './planted-malformed.ts'
import { configuration, given, type PlantedStage } from './planted-stage.ts'

const logIns = async (stage: PlantedStage): Promise<void> => {
  const { product, own, say, owner } = stage
  const { email: username, password } = product.admin
  own.bearer = (await say('/authentication', { body: { username, password } })).json.token
  await say('/authentication', { body: { username, password: given.wrongPassword } })
  await say('/authentication/secrets', { headers: { authorization: `Bearer ${own.bearer}` } })
  await say('/authentication/secrets', { headers: { authorization: `Bearer ${given.wrongBearer}` } })
  await say('/organizations/me', { headers: owner() })
}

const provisionings = async (stage: PlantedStage): Promise<void> => {
  const { own, say, owner, provision, code, faults } = stage
  const made = await provision(
    {
      'concur.company.request.token': given.requestToken,
      password: given.configuredPassword,
      'event.notification.basic.password': given.basicPassword,
    },
    { code: await code(), debug: true },
  )
  expect(made.status, made.text).toBe(200)
  own.token = made.json.token
  own.instanceId = made.json.id
  await say(`/instances/${own.instanceId}/trace-logging`, {
    method: 'PUT',
    headers: owner(),
    body: { duration: 60 },
  })
  await provision({}, { code: given.wrongCode, debug: true })
  await provision({ 'oauth.api.secret': given.wrongSecret }, { code: await code() })
  await provision({ 'oauth.callback.url': 'http://127.0.0.1:9/other' }, { code: await code() })
  await provision({ 'oauth.user.refresh_token': given.broughtToken }, {})
  await faults({
    fault: 'hostile-geolocation',
    value: `https://user:${given.hostilePassword}@evil.example/${given.hostilePassword}?x=${given.hostilePassword}`,
    times: 1,
  })
  await provision({}, { code: await code() })
}

const renewals = async (stage: PlantedStage): Promise<void> => {
  const { reports, faults, endTokens } = stage
  await faults({ fault: 'rotate-refresh', value: 'kill-old' })
  for (let round = 0; round < 3; round++) {
    await endTokens()
    expect((await reports()).status).toBe(200)
  }
  await faults({
    fault: 'hostile-geolocation',
    value: `https://user:${given.hostilePassword}@evil.example`,
    times: 1,
  })
  await endTokens()
  expect((await reports()).status).toBe(200)
  await faults()
}

/** Which statuses a vendor repeats things with, in which shape. */
const shapes: readonly (readonly [shape: EchoShape, statuses: readonly number[]])[] = [
  ['v3', [400, 401, 403, 404, 409, 429, 500, 503]],
  ['v4', [400, 500]],
  ['oauth', [400, 401, 429, 500]],
  ['oauth-error', [400, 401, 500]],
  ['text', [400, 401]],
  ['html', [400, 502]],
  ['not-json', [200]],
]

/** The vendor repeats what it was sent, in every status and shape: on calls, on renewals, on codes. */
const echoes = async (stage: PlantedStage): Promise<void> => {
  const { vendor, own, say, owner, onHub, reports, provision, code, endTokens } = stage
  const write = (method: string, path: string) =>
    say(path, {
      method,
      headers: onHub(),
      body: { Name: 'x', password: given.newPassword },
    })
  for (const [shape, statuses] of shapes) {
    for (const status of statuses) {
      vendor.echo('/', { status, shape })
      await reports()
      await write('POST', '/reports')
      await write('PATCH', '/reports/AAAA')
      vendor.echo('/oauth2', { status, shape })
      await endTokens()
      await reports()
      vendor.echo('/oauth2', undefined)
      const fresh = await code()
      vendor.echo('/oauth2', { status, shape })
      await provision({ 'concur.company.request.token': given.requestToken }, { code: fresh })
      await provision({ 'oauth.user.refresh_token': given.broughtToken }, {})
      await say(`/instances/${own.instanceId}`, { headers: owner() })
      vendor.echo('/', undefined)
      // A refusal that ends the connection is mended as a person would.
      await say(`/instances/${own.instanceId}`, {
        method: 'PUT',
        headers: owner(),
        body: { name: 'Planted', configuration, providerData: { code: await code() } },
      })
    }
  }
}

/** The other ways to be let in, all refused: by a company's request token, by a person's password, in the old framework. */
const otherLogins = async ({ vendor, provision }: PlantedStage): Promise<void> => {
  const person = {
    'concur.user.login': 'a.person@sandbox.example',
    'concur.user.password': given.personPassword,
  }
  const company = {
    'concur.company.id': '898db46a-7e8c-4a23-ad7f-5c1ecc4710aa',
    'concur.company.request.token': given.requestToken,
  }
  const all = async (): Promise<readonly number[]> => {
    const replies = [
      await provision({ 'authentication.type': 'company', ...company }, {}),
      await provision({ 'authentication.type': 'password', ...person }, {}),
      await provision({ 'authentication.type': 'legacy' }, { code: given.oldCode }),
      await provision({ 'authentication.type': 'legacy', ...person }, {}),
      await provision(
        { 'authentication.type': 'legacy', 'oauth.user.refresh_token': given.broughtToken },
        { externalAuthentication: 'initial' },
      ),
    ]
    return replies.map(({ status }) => status)
  }
  for (const status of await all()) expect(status).toBeGreaterThanOrEqual(400)
  for (const shape of ['xml', 'v3', 'oauth', 'text'] as const) {
    for (const status of [200, 400, 401, 500]) {
      vendor.echo('/', { status, shape })
      const before = vendor.echoed()
      for (const refused of await all()) expect(refused).toBeGreaterThanOrEqual(400)
      expect(vendor.echoed() - before).toBeGreaterThanOrEqual(4)
    }
  }
  vendor.echo('/', undefined)
}

/** The database refuses what is stored: its errors name rows. */
const brokenStorage = async (stage: PlantedStage): Promise<void> => {
  const { product, db, say, reports, provision, code, endTokens } = stage
  const run = (text: string) => db.query({ text, values: [] })
  for (const table of ['grants', 'instances', 'request_log', 'directory', 'users']) {
    await run(`alter table ${table} add constraint no_room check (false) not valid`)
  }
  await endTokens()
  expect((await reports()).status).toBe(500)
  const made = await provision({ password: given.configuredPassword }, { code: await code() })
  expect(made.status).toBe(500)
  await say('/authentication', {
    body: { username: product.admin.email, password: product.admin.password },
  })
  await product.context.requestLog.flush()
  for (const table of ['grants', 'instances', 'request_log', 'directory', 'users']) {
    await run(`alter table ${table} drop constraint no_room`)
  }
}

/** The vendor ends the connection, in words that repeat the refresh token: they are kept with the grant. */
const endInWords = async (stage: PlantedStage): Promise<void> => {
  const { vendor, reports, endTokens } = stage
  expect((await reports()).status).toBe(200)
  await endTokens()
  vendor.echo('/oauth2', { status: 400, shape: 'oauth' })
  for (let round = 0; round < 2; round++) {
    expect((await reports()).json).toMatchObject({ code: 'needs-reconnect' })
  }
  vendor.echo('/', undefined)
}

const usages = async (stage: PlantedStage): Promise<void> => {
  const { product, heard, say, owner } = stage
  await product.context.requestLog.flush()
  const ids = heard.map(({ head }) => /"elements-request-id":"(\w+)"/.exec(head)?.[1] ?? '')
  for (const id of ids) {
    if (id !== '') await say(`/usage/${id}`, { headers: owner() })
  }
}

/** Logs in, connects, renews, fails in every way, and asks for the trace of each call. Gives every secret. */
export const runPlanted = async (stage: PlantedStage): Promise<readonly Planted[]> => {
  await logIns(stage)
  await provisionings(stage)
  await renewals(stage)
  await echoes(stage)
  await otherLogins(stage)
  await malformed(stage)
  await onTheWire(stage)
  await brokenStorage(stage)
  await endInWords(stage)
  await usages(stage)
  const { admin } = stage.product
  const { user, organization, password } = admin
  const { bearer, token: element } = stage.own
  return [
    ...Object.entries({ ...given, user, organization, password, bearer, element }),
    ...stage.vendor.seen().map((value, at) => [`token ${at} of the vendor`, value] as const),
  ].map(([name, value]) => ({ name, value }))
}
