import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#src/store/index.ts'
import { ask, connect, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())

const rowOf = async (instanceId: number): Promise<string> => {
  const db = await openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 1, connectTimeoutMs: 5000 },
  )
  try {
    const [row] = await db.query<{ text: string }>({
      text: 'select i::text as text from instances i where instance_id = $1',
      values: [instanceId],
    })
    return row?.text ?? ''
  } finally {
    await db.close()
  }
}

describe('values of a configuration that no element declares', () => {
  const planted = {
    access_token: 'planted-credential-1',
    apikey: 'planted-credential-2',
    passphrase: 'planted-credential-3',
    'oauth.basic.credentials': 'planted-credential-4',
    'event.notification.callback.headers': 'planted-credential-5',
    'event.notification.basic.password': 'planted-credential-6',
    'x-auth': 'planted-credential-7',
    pat: 'planted-credential-8',
  }

  it('lie sealed, and whatever may be a credential is masked', async () => {
    const plain = { username: 'ann', 'event.objects': 'reports', 'base.url': 'https://api.example' }
    const made = await connect(product, product.admin, {
      configuration: { ...planted, ...plain, nick: 'anny' },
    })
    expect(made.status, made.text).toBe(200)
    const masked = Object.fromEntries(Object.keys(planted).map((key) => [key, '********']))
    expect(made.json.configuration).toMatchObject({ ...masked, ...plain })
    const row = await rowOf(made.json.id)
    expect(row).toContain('https://api.example')
    expect(row).not.toMatch(/planted-credential|anny/)
    const items = await ask(`${product.url}/instances/${made.json.id}/configuration`, {
      headers: platform(product.admin),
    })
    expect(items.text).not.toContain('planted-credential')
    expect(items.json.find((item: { key: string }) => item.key === 'apikey').type).toBe('PASSWORD')
  })
})
