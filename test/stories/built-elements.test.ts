import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type AskOptions, ask, hub, platform } from '../support/client.ts'
import { loopbackAllowed } from '../support/events.ts'
import { connectMadeUp, madeUpElement } from '../support/made-up-element.ts'
import { type MadeUpVendor, startMadeUpVendor } from '../support/made-up-vendor.ts'
import { type Product, startProduct } from '../support/product.ts'

let vendor: MadeUpVendor
let product: Product
let token: string

beforeAll(async () => {
  vendor = await startMadeUpVendor()
  product = await startProduct({ sandbox: { reports: 1 }, environment: loopbackAllowed })
  ;({ token } = await connectMadeUp(product, madeUpElement(vendor.url)))
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const call = (path: string, options: AskOptions = {}): Promise<Answer> =>
  ask(`${product.url}/hubs/crm${path}`, {
    ...options,
    headers: { ...hub(product.admin, token), ...options.headers },
  })

const good = async (path: string, options: AskOptions = {}): Promise<Answer> => {
  const answer = await call(path, options)
  expect(answer.status, answer.text).toBe(200)
  return answer
}

const ids = ({ json }: Answer): string[] => json.map((row: { personId: string }) => row.personId)

/** Requests that the vendor got while something ran. */
const during = async (run: () => Promise<unknown>) => {
  const before = vendor.seen.length
  await run()
  return vendor.seen.slice(before)
}

describe('a connection to a posted element', () => {
  it('is tried before it is stored, and refused in the words of the vendor', async () => {
    const headers = platform(product.admin)
    const path = `${product.url}/instances`
    const before = (await ask(path, { headers })).json.length
    const body = { name: 'Wrong', element: { key: 'madeup' }, configuration: { key: 'a wrong key' } }
    const refused = await ask(path, { headers, body })
    expect(refused.status).toBe(400)
    expect(refused.json.message).toContain('who are you?')
    expect(refused.text).not.toContain('a wrong key')
    expect((await ask(path, { headers })).json).toHaveLength(before)
  })

  it('needs what its configuration needs', async () => {
    const body = { name: 'Nothing', element: { key: 'madeup' }, configuration: {} }
    const refused = await ask(`${product.url}/instances`, { headers: platform(product.admin), body })
    expect(refused.status).toBe(400)
    expect(refused.json.message).toContain('key (Key)')
  })
})

describe('a listing of a posted element', () => {
  it('is an array of the rows at its root key, each with its key as id, over all pages of the vendor', async () => {
    const listed = await good('/people')
    expect(ids(listed)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'])
    expect(listed.json[1]).toMatchObject({ id: 'p2', personId: 'p2', note: 'a note' })
    expect(listed.json[0]).not.toHaveProperty('note')
    expect(listed.headers['elements-returned-count']).toBe('7')
  })

  it('is paged by the token of the page before, and by number', async () => {
    const first = await good('/people', { query: { pageSize: '2' } })
    expect(ids(first)).toEqual(['p1', 'p2'])
    const next = first.headers['elements-next-page-token']
    expect(ids(await good('/people', { query: { nextPage: String(next) } }))).toEqual(['p3', 'p4'])
    expect(ids(await good('/people', { query: { page: '4', pageSize: '2' } }))).toEqual(['p7'])
  })

  it('hands equal terms to the vendor, and looks at the rest here', async () => {
    const seen = await during(async () => {
      expect(ids(await good('/people', { query: { where: "city='Oslo' and age > 21" } }))).toEqual(['p5'])
    })
    expect(seen[0]?.query).toMatchObject({ city: 'Oslo' })
    expect(ids(await good('/people', { query: { where: "name in ('Person 2','Person 6')" } }))).toEqual([
      'p2',
      'p6',
    ])
    expect((await good('/people', { query: { where: "unheard='of'" } })).json).toHaveLength(7)
    expect((await good('/people', { query: { where: "unheard like 'of%'" } })).json).toEqual([])
  })

  it('takes its own query parameters, in the query and in where', async () => {
    expect(ids(await good('/people', { query: { town: 'Lyon' } }))).toEqual(['p3', 'p6'])
    expect(ids(await good('/people', { query: { where: "town='Lyon'" } }))).toEqual(['p3', 'p6'])
  })

  it('is sorted, and shows chosen fields', async () => {
    const listed = await good('/people', { query: { orderBy: 'age desc', fields: 'name', pageSize: '2' } })
    expect(listed.json).toEqual([{ name: 'Person 7' }, { name: 'Person 6' }])
  })

  it('of the vendor that counts rows begins each page at the right one', async () => {
    const seen = await during(async () => {
      const listed = await good('/numbered', { query: { pageSize: '3' } })
      expect(listed.json.map(({ id }: { id: string }) => id)).toEqual(['p1', 'p2', 'p3'])
      const next = String(listed.headers['elements-next-page-token'])
      const second = await good('/numbered', { query: { nextPage: next } })
      expect(second.json.map(({ id }: { id: string }) => id)).toEqual(['p4', 'p5', 'p6'])
    })
    expect(seen.map(({ query }) => query)).toEqual([
      { per_page: '3', offset: '0' },
      { per_page: '3', offset: '3' },
    ])
  })

  it('that the vendor answers with one object is that object', async () => {
    expect((await good('/me')).json).toEqual({ id: 'me', name: 'The key' })
  })
})

describe('a row of a posted element', () => {
  it('is created through its hooks, read, changed and removed', async () => {
    const made = await good('/people', { body: { name: 'Newest', age: 44 } })
    expect(made.json).toMatchObject({ name: 'Newest', note: 'made by madeup', seen: 201 })
    const { id } = made.json
    expect((await good(`/people/${id}`)).json).toMatchObject({ id, name: 'Newest', age: 44 })
    const changed = await good(`/people/${id}`, { method: 'PATCH', body: { city: 'Rome', note: null } })
    expect(changed.json).toMatchObject({ id, city: 'Rome' })
    expect(vendor.people.at(-1)).toMatchObject({ city: 'Rome', note: null })
    expect((await call(`/people/${id}`, { method: 'DELETE' })).status).toBe(200)
    const gone = await call(`/people/${id}`)
    expect(gone.status).toBe(404)
    expect(gone.json).toMatchObject({ providerMessage: 'no such person' })
  })

  it('that the vendor refuses is told in its words', async () => {
    const refused = await call('/people', { body: { age: 3 } })
    expect(refused.status).toBe(400)
    expect(refused.json.message).toContain('a person needs a name')
  })

  it('has rows below it, under a path of their own', async () => {
    const notes = await good('/people/p%2F1/notes')
    expect(notes.json).toEqual([
      { noteId: 'n1', of: 'p%2F1' },
      { noteId: 'n2', of: 'p%2F1' },
    ])
    expect((await call('/people/p1/notes', { method: 'POST', body: {} })).status).toBe(405)
  })
})
