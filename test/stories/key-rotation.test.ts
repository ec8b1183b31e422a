import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStorage } from '#src/main/context.ts'
import { createKeyRotation } from '#src/services/index.ts'
import { type Database, openDatabase } from '#src/store/index.ts'
import { type Answer, ask, connect, hub, platform } from '../support/client.ts'
import { keyIdsIn, keyText, sealedPlaces } from '../support/keys.ts'
import { configBeside, type Member, type Product, serveBeside, startProduct } from '../support/product.ts'

const [k1, k2] = [keyText('k1'), keyText('k2')]
const logged: string[] = []
let product: Product
let stranger: Member
let db: Database

beforeAll(async () => {
  product = await startProduct({
    environment: { ENCRYPTION_KEYS: k1, LOG_LEVEL: 'error' },
    logTo: { write: (line) => logged.push(line) },
  })
  stranger = await product.addMember('Southwind', 'admin@southwind.example')
  db = await openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 2, connectTimeoutMs: 5000 },
  )
})
afterAll(async () => {
  await db?.close()
  await product?.close()
})

const never = new AbortController().signal

/** Runs with the store and the vault of a process that has these keys. */
const withKeys = async <T>(
  keys: string,
  run: (storage: Awaited<ReturnType<typeof openStorage>>) => Promise<T>,
): Promise<T> => {
  const config = configBeside(product, { ENCRYPTION_KEYS: keys })
  const storage = await openStorage(
    config,
    (_step, step) => step(),
    () => undefined,
  )
  try {
    return await run(storage)
  } finally {
    await storage.close()
  }
}

const rotate = (keys: string, batchRows = 2) =>
  withKeys(keys, (storage) =>
    createKeyRotation(storage).rotate({ signal: never, onProgress: () => undefined, batchRows }),
  )

const made = async (member: Member): Promise<{ id: number; token: string }> => {
  const { json, status, text } = await connect(product, member)
  expect(status, text).toBe(200)
  const job = await ask(`${product.url}/jobs`, {
    headers: platform(member),
    body: {
      ...{ method: 'PATCH', uri: '/elements/api-v2/reports/1', trigger: { cron: '0 0 3 * * ?' } },
      body: { Name: 'Sealed' },
    },
  })
  expect(job.status, job.text).toBe(200)
  return { id: json.id, token: json.token }
}

const reports = (url: string, member: Member, token: string): Promise<Answer> =>
  ask(`${url}/reports`, { headers: hub(member, token), query: { pageSize: '1' } })

const secretsOf = async (url: string, member: Member): Promise<Answer> => {
  const login = await ask(`${url}/authentication`, {
    body: { username: member.email, password: member.password },
  })
  return ask(`${url}/authentication/secrets`, { headers: { authorization: `Bearer ${login.json.token}` } })
}

describe('a rotation', () => {
  it('seals everything anew, after which the old key may go and all works', async () => {
    const one = await made(product.admin)
    const other = await made(stranger)
    expect(await keyIdsIn(db)).toEqual(['k1'])
    const end = await rotate(`${k2},${k1}`)
    expect(end).toMatchObject({ left: [], damaged: [], stopped: false })
    expect(await keyIdsIn(db)).toEqual(['k2'])
    expect((await rotate(`${k2},${k1}`)).resealed).toBe(0)

    const beside = await serveBeside(product, { ENCRYPTION_KEYS: k2 })
    try {
      for (const [member, { id, token }] of [
        [product.admin, one],
        [stranger, other],
      ] as const) {
        expect((await reports(beside.url, member, token)).status).toBe(200)
        const shown = await ask(`${beside.url}/instances/${id}`, { headers: platform(member) })
        expect(shown.json).toMatchObject({ token, valid: true })
        const [job] = (await ask(`${beside.url}/jobs`, { headers: platform(member) })).json
        const whole = await ask(`${beside.url}/jobs/${job.id}`, { headers: platform(member) })
        expect(whole.json.body).toEqual({ Name: 'Sealed' })
        const secrets = await secretsOf(beside.url, member)
        expect(secrets.status, secrets.text).toBe(200)
        expect(secrets.text).toContain(JSON.stringify(member.user))
        expect(secrets.text).toContain(JSON.stringify(member.organization))
      }
    } finally {
      await beside.stop()
    }
  })

  it('is told of by a process without the new key as such, and mended by giving it the key', async () => {
    await rotate(`${k1},${k2}`)
    const { id, token } = await made(product.admin)
    await rotate(`${k2},${k1}`)
    logged.length = 0
    for (const reply of [
      await reports(product.url, product.admin, token),
      await ask(`${product.url}/instances/${id}`, { headers: platform(product.admin) }),
    ]) {
      expect(reply.status, reply.text).toBe(503)
      expect(reply.json).toMatchObject({ code: 'key-missing', hop: 'amalgam', retryable: true })
      expect(reply.json.message).toMatch(/'k2'.*ENCRYPTION_KEYS.*restart/)
    }
    expect(logged.filter((line) => line.includes("'k2'"))).toHaveLength(2)
    const mended = await serveBeside(product, { ENCRYPTION_KEYS: `${k1},${k2}` })
    expect((await reports(mended.url, product.admin, token)).status).toBe(200)
    await mended.stop()
    await rotate(`${k1},${k2}`)
    expect((await reports(product.url, product.admin, token)).status).toBe(200)
  })

  it('leaves what it has no key for, and names it', async () => {
    const before = await db.query({ text: 'select sealed from grants order by 1', values: [] })
    const end = await rotate(k2)
    expect(end.resealed).toBe(0)
    expect(end.left.find(({ table }) => table === 'grants')).toMatchObject({
      keyId: 'k1',
      count: before.length,
    })
    expect(await db.query({ text: 'select sealed from grants order by 1', values: [] })).toEqual(before)
  })

  it('goes on where it was stopped', async () => {
    const stop = new AbortController()
    const end = await withKeys(`${k2},${k1}`, (storage) =>
      createKeyRotation(storage).rotate({
        signal: stop.signal,
        onProgress: () => stop.abort(),
        batchRows: 1,
      }),
    )
    expect(end).toMatchObject({ resealed: 1, stopped: true })
    expect(await keyIdsIn(db)).toEqual(['k1', 'k2'])
    expect((await rotate(`${k2},${k1}`)).left).toEqual([])
    expect(await keyIdsIn(db)).toEqual(['k2'])
    await rotate(`${k1},${k2}`)
  })

  it('replaces only what it read, and waits for nobody', async () => {
    await withKeys(k1, async ({ store, vault }) => {
      const [value] = await store.sealed.withKeys('grant', ['k1'], undefined, 1)
      if (value === undefined) throw new Error('no grant')
      const resealed = { ...value, resealed: Buffer.from('changed') }
      const other = { ...resealed, sealed: vault.seal('older', 'x') }
      expect(await store.sealed.replace('grant', [other])).toBe(0)
      const busy = await db.transaction(async (tx) => {
        await tx.query({ text: 'select 1 from grants for update', values: [] })
        return store.sealed.replace('grant', [resealed])
      })
      expect(busy).toBe(0)
      const [same] = await store.sealed.withKeys('grant', ['k1'], undefined, 1)
      expect(same).toEqual(value)
    })
  })
})

describe('a sealed value', () => {
  it.each(sealedPlaces)(
    'of %s.%s that was moved to another row opens there no more',
    async (table, column) => {
      const rows = await db.query<{ where: string; value: Buffer }>({
        text: `select ctid::text as "where", ${column} as value from ${table} where ${column} is not null
        order by organization_id limit 40`,
        values: [],
      })
      const [first, last] = [rows[0], rows.at(-1)]
      if (first === undefined || last === undefined || first === last) throw new Error('two rows are needed')
      const put = (where: string, value: Buffer) =>
        db.query({
          text: `update ${table} set ${column} = $1 where ctid = $2::tid returning ctid::text as "where"`,
          values: [value, where],
        })
      const [moved] = (await put(last.where, first.value)) as { where: string }[]
      const end = await rotate(`${k2},${k1}`)
      expect(end.damaged).toHaveLength(1)
      expect(end.damaged[0]).toContain(`${table}.${column}`)
      expect(moved).toBeDefined()
      expect(end.left.map(({ count }) => count)).toEqual([1])
      await db.query({
        text: `update ${table} set ${column} = $1 where ${column} = $2`,
        values: [last.value, first.value],
      })
      expect((await rotate(`${k2},${k1}`)).left).toEqual([])
      await rotate(`${k1},${k2}`)
    },
  )
})
