import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Connected,
  codeFor,
  companyBy,
  companyInstance,
  euAdminLogin,
  keysOf,
  legacyInstance,
  post,
  userInstance,
} from '../support/grants.ts'
import { app, configuration } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'

let product: Product
let member: Member
let sandbox: Controls
/** Somebody who would like to get tokens. */
let thief: Server
let stolen: string[] = []

beforeAll(async () => {
  product = await startProduct()
  member = product.admin
  sandbox = controlsOf(product)
  thief = createServer((request, response) => {
    stolen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
    response.end('{}')
  })
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await product?.close()
  await new Promise((resolve) => thief?.close(resolve))
})
beforeEach(async () => {
  stolen = []
  await sandbox.reset()
})

const here = () => product.sandbox.url
const eu = () => `${here()}/dc/eu2`
const thiefPort = () => (thief.address() as AddressInfo).port

const geolocation = async (instance: Connected): Promise<string> =>
  (await instance.show()).json.authentication[0].geolocation

const vendorPaths = async (run: () => Promise<unknown>): Promise<readonly string[]> =>
  (await sandbox.during(run)).requests
    .filter(({ operation }) => !operation.startsWith('sandbox.'))
    .map(({ path }) => path.split('?')[0] ?? '')

describe('a person of the other data centre', () => {
  it('is followed there by the first reply, and asked there from then on', async () => {
    const instance = await userInstance(product, member, { login: euAdminLogin })
    expect(await geolocation(instance)).toBe(eu())
    const paths = await vendorPaths(async () => {
      expect((await instance.reports()).json[0].OwnerLoginID).toBe(euAdminLogin)
      await sandbox.endTokens()
      expect((await instance.reports()).status).toBe(200)
    })
    expect(paths).toContain('/dc/eu2/oauth2/v0/token')
    for (const path of paths) expect(path).toMatch(/^\/dc\/eu2\//)
  })
})

describe('a geolocation that a renewal moves', () => {
  it('is followed at once, and back again', async () => {
    const instance = await userInstance(product, member)
    await sandbox.faults({ fault: 'hostile-geolocation', value: `${eu()}/`, times: 1 })
    await sandbox.endTokens()
    // The sandbox knows no token of this person there, so the call that follows fails, but it goes there.
    const away = await vendorPaths(() => instance.reports())
    expect(away.at(-1)).toMatch(/^\/dc\/eu2\//)
    await sandbox.faults({ fault: 'denied-status', value: 401 })
    const back = await vendorPaths(async () => {
      await sandbox.endTokens()
      expect((await instance.reports()).status).toBe(200)
    })
    expect(back.at(-1)).toBe('/api/v3.0/expense/reports')
    expect(await geolocation(instance)).toBe(here())
  })
})

describe('error 16', () => {
  const byCode = async () =>
    post(product, member, {
      configuration,
      providerData: { code: await codeFor(product, member, { login: euAdminLogin }) },
    })
  const byCompany = async () =>
    post(product, member, {
      configuration: {
        ...keysOf(app),
        ...companyBy(await sandbox.requestToken({ company: 'eu2' })),
        'authentication.type': 'company',
      },
    })

  it.each([
    ['a code', byCode],
    ['a request token', byCompany],
  ])('is followed once at the exchange of %s', async (_title, make) => {
    let made = await make()
    const tokens = (paths: readonly string[]) => paths.filter((path) => path.endsWith('/token'))
    await sandbox.faults({ fault: 'wrong-geolocation', value: eu(), times: 1 })
    const paths = await vendorPaths(async () => {
      made = await make()
    })
    expect(tokens(paths)).toEqual(['/oauth2/v0/token', '/dc/eu2/oauth2/v0/token'])
    expect(made.json.authentication).toMatchObject([{ geolocation: eu(), state: 'ok' }])
    await sandbox.faults({ fault: 'wrong-geolocation', value: eu() })
    const again = await vendorPaths(async () => {
      const refused = await make()
      expect([refused.status, refused.json.code]).toEqual([400, 'provider-refused'])
      expect(refused.json.providerMessage).toContain('code 16')
    })
    expect(tokens(again)).toHaveLength(2)
  })

  it('is followed once at a renewal', async () => {
    const instance = await userInstance(product, member, { login: euAdminLogin })
    await sandbox.endTokens()
    await sandbox.faults({ fault: 'wrong-geolocation', value: eu(), times: 1 })
    const paths = await vendorPaths(async () => expect((await instance.reports()).status).toBe(200))
    expect(paths.filter((path) => path.endsWith('/token'))).toHaveLength(2)
  })
})

/** What a token reply or an error 16 could name instead of a host of the vendor. */
const hostile: readonly (readonly [title: string, value: () => string])[] = [
  ['another host', () => 'https://evil.example'],
  ['another port of this machine', () => `http://127.0.0.1:${thiefPort()}`],
  ['another name of this machine', () => here().replace('127.0.0.1', 'localhost')],
  ['the real vendor', () => 'https://us2.api.concursolutions.com'],
  ['a host behind the vendor’s name', () => `${here()}@127.0.0.1:${thiefPort()}`],
  ['a host below the vendor’s name', () => `${here()}.evil.example`],
  ['no address', () => 'nonsense'],
  ['a script', () => 'javascript:alert(1)'],
  ['a file', () => 'file:///etc/passwd'],
]

describe('a host that is not the vendor’s', () => {
  it.each(hostile)('is never called, and connects nothing: %s', async (_title, value) => {
    const code = await codeFor(product, member)
    const company = companyBy(await sandbox.requestToken())
    await sandbox.faults({ fault: 'hostile-geolocation', value: value() })
    const replies = [
      await post(product, member, { configuration, providerData: { code } }),
      await post(product, member, {
        configuration: { ...keysOf(app), ...company, 'authentication.type': 'company' },
      }),
    ]
    for (const reply of replies) {
      expect([reply.status, reply.json.code, reply.json.hop]).toEqual([400, 'provider-refused', 'provider'])
      expect(reply.json.message).toContain('not its own')
    }
    expect(stolen).toEqual([])
  })

  it.each(hostile)('does not move a connection, which goes on where it was: %s', async (_title, value) => {
    const instances = [await userInstance(product, member), await companyInstance(product, member)]
    await sandbox.faults(
      { fault: 'hostile-geolocation', value: value() },
      { fault: 'rotate-refresh', value: 'kill-old' },
    )
    for (let round = 0; round < 2; round++) {
      await sandbox.endTokens()
      for (const instance of instances) {
        expect((await instance.reports()).status).toBe(200)
        expect(await geolocation(instance)).toBe(here())
      }
    }
    expect(stolen).toEqual([])
  })

  it.each(hostile)('in an error 16 is not asked: %s', async (_title, value) => {
    const instance = await userInstance(product, member)
    await sandbox.endTokens()
    await sandbox.faults({ fault: 'wrong-geolocation', value: value() })
    const paths = await vendorPaths(async () => {
      expect((await instance.reports()).json).toMatchObject({ code: 'provider-failed', hop: 'provider' })
    })
    expect(paths).toEqual(['/api/v3.0/expense/reports', '/oauth2/v0/token'])
    expect(stolen).toEqual([])
    expect((await instance.show()).json.valid).toBe(true)
  })

  it('in an Instance_Url of the deprecated framework is not asked', async () => {
    const instance = await legacyInstance(product, member)
    await sandbox.faults({ fault: 'hostile-geolocation', value: `http://127.0.0.1:${thiefPort()}/` })
    await sandbox.addSeconds(366 * 86_400)
    expect((await instance.reports()).status).toBe(200)
    expect(stolen).toEqual([])
  })

  it.each([
    ['foreign-next-page', () => `127.0.0.1:${thiefPort()}`],
    ['foreign-next-page', () => 'evil.example'],
    ['http-next-page', () => `127.0.0.1:${thiefPort()}`],
  ])('in a NextPage is not called, and no row is lost: %s', async (fault, value) => {
    const instance = await userInstance(product, member)
    const all = { where: `user='ALL'`, pageSize: '250' }
    const ids = ({ json }: { json: { ID: string }[] }) => json.map(({ ID }) => ID)
    const before = ids(await instance.call('/reports', { query: all }))
    await sandbox.faults({ fault, value: value() })
    const paths = await vendorPaths(async () => {
      expect(ids(await instance.call('/reports', { query: all }))).toEqual(before)
    })
    expect(paths.length).toBeGreaterThan(1)
    expect(stolen).toEqual([])
    expect(before).toHaveLength(250)
  })
})
