import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'
import { everyRow } from '../support/rows.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())

describe('what lies in the database', () => {
  it('holds no secret in clear, in any spelling', async () => {
    const { admin, url } = product
    const made = await connect(product, admin, {
      configuration: { password: 'planted-password-1', 'event.notification.signature.key': 'planted-key-2' },
    })
    const token: string = made.json.token
    await ask(`${url}/authentication`, { body: { username: admin.email, password: admin.password } })
    await ask(`${url}/reports`, {
      headers: hub(admin, token),
      query: { where: "Name = 'planted-query-value'" },
    })
    await product.context.requestLog.flush()
    expect(made.json.configuration).toMatchObject({
      password: '********',
      'event.notification.signature.key': '********',
    })

    const secrets = [
      admin.user,
      admin.organization,
      token,
      admin.password,
      'amalgam-sandbox-secret',
      'planted-password-1',
      'planted-key-2',
      'planted-query-value',
    ]
    const dump = await everyRow(product)
    expect(dump).toContain('Northwind')
    for (const secret of secrets) {
      const spellings = [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ]
      for (const spelling of spellings) expect(dump.includes(spelling), spelling.slice(0, 6)).toBe(false)
    }
    const access = await product.context.instances.get(
      { organizationId: 2, accountId: 2, userId: 2 },
      made.json.id,
    )
    expect(access.token).toBe(token)
  })

  it('is closed to another key', async () => {
    const { checkKeys } = await import('#src/main/keys.ts')
    const { createVault } = await import('#src/lib/secret.ts')
    const { store } = product.context
    const [stored] = await store.encryptionKeys.all()
    const other = createVault([{ id: 'other', key: Buffer.alloc(32, 1) }])
    await expect(checkKeys(store, other)).rejects.toThrow(/ENCRYPTION_KEYS.*not here/)
    const impostor = createVault([{ id: stored?.keyId ?? '', key: Buffer.alloc(32, 1) }])
    await expect(checkKeys(store, impostor)).rejects.toThrow(/another one/)
  })
})

describe('a warm hub call', () => {
  it('costs no SQL statement but the batched request log', async () => {
    const { admin, url, context } = product
    const made = await connect(product, admin)
    const headers = hub(admin, made.json.token)
    const call = () => ask(`${url}/reports`, { headers, query: { pageSize: '1' } })
    await call()
    await context.requestLog.flush()
    await context.instances.flushUses()
    const before = context.statementCount()
    const writesBefore = context.requestLog.writes()
    for (let round = 0; round < 20; round++) expect((await call()).status).toBe(200)
    await context.requestLog.flush()
    expect(context.statementCount() - before).toBe(context.requestLog.writes() - writesBefore)
  })

  it('an unknown Element token is looked up once, however often it comes within a moment', async () => {
    const { admin, url, context } = product
    const headers = hub(admin, 'A'.repeat(44))
    const call = () => ask(`${url}/reports`, { headers })
    expect((await call()).status).toBe(401)
    await context.requestLog.flush()
    await context.instances.flushUses()
    const before = context.statementCount()
    const writesBefore = context.requestLog.writes()
    for (let round = 0; round < 5; round++) expect((await call()).status).toBe(401)
    await context.requestLog.flush()
    expect(context.statementCount() - before).toBe(context.requestLog.writes() - writesBefore)
  })

  it('and the list of instances shows them all with their tokens', async () => {
    const list = await ask(`${product.url}/instances`, {
      headers: platform(product.admin),
      query: { searchText: 'sand' },
    })
    expect(list.status).toBe(200)
    expect(list.json.every((one: { token: string }) => one.token.length === 44)).toBe(true)
  })
})
