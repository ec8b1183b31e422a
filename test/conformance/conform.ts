import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMatcher, type Expression, type FieldType, printWhere } from '#src/ceql/index.ts'
import type { Element, Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { type Answer, ask, hub } from '../support/client.ts'
import { type Product, type ProductOptions, startProduct } from '../support/product.ts'

/** What an element tells the suite that its data cannot. */
export interface Conformance {
  readonly key: string
  /** A `where` that opens the whole listing to the connected person, by resource. */
  readonly everything: Readonly<Record<string, string>>
  /** A body that creates a row, and a change to it, by resource. */
  readonly writes: Readonly<Record<string, { readonly create: JsonObject; readonly change: JsonObject }>>
  /** The name under which the sandbox counts and spoils a listing; of a vendor without one, any. */
  readonly listing: Readonly<Record<string, string>>
  readonly product: ProductOptions
  /** The answer of POST /instances. */
  readonly connect: (product: Product, configuration: Record<string, string>) => Promise<Answer>
  /** Absent: the vendor is a real one, which nobody spoils. */
  readonly sandboxUrl?: (product: Product) => string
  /** Where a resource is listed that is not listed under its name; what its own path gives is no row. */
  readonly listedAt?: Readonly<Record<string, string>>
  readonly close?: () => Promise<void>
  /** How many queries are tried on each listing. */
  readonly runs: number
}

/** Thousands of pages, on a machine that may be busy. */
const longTestMs = 120_000

type Rows = readonly JsonObject[]

const typeIn =
  (resource: Resource) =>
  (field: string): FieldType => {
    const type = resource.fields[field]?.type
    return type === undefined || type === 'object' ? 'unknown' : type
  }

/** Comparisons on fields of rows that exist, so that every query has a chance to find something. */
const expressionOn = (resource: Resource, rows: Rows): fc.Arbitrary<Expression> => {
  const fields = Object.entries(resource.fields).filter(
    ([, field]) => field.type !== 'object' && !field.access.endsWith('-only'),
  )
  const comparison = fc
    .record({
      field: fc.constantFrom(...fields.map(([name]) => name)),
      row: fc.constantFrom(...rows),
      operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>=' as const),
    })
    .map(({ field, row, operator }): Expression => {
      const value = row[field]
      if (value === null || value === undefined)
        return { kind: 'null', field, negated: operator === '!=', position: 1 }
      if (typeof value === 'boolean') {
        return {
          kind: 'comparison',
          field,
          operator: operator === '!=' ? '!=' : '=',
          value: { kind: 'boolean', value },
          position: 1,
        }
      }
      return {
        kind: 'comparison',
        field,
        operator: operator as '=',
        value: { kind: 'string', value: String(value) },
        position: 1,
      }
    })
  const list = fc
    .record({
      field: fc.constantFrom(...fields.map(([name]) => name)),
      picked: fc.array(fc.constantFrom(...rows), { minLength: 1, maxLength: 3 }),
    })
    .map(({ field, picked }): Expression => {
      const values = picked.flatMap((row) =>
        row[field] === null || row[field] === undefined
          ? []
          : [{ kind: 'string' as const, value: String(row[field]) }],
      )
      return values.length === 0
        ? { kind: 'null', field, negated: true, position: 1 }
        : { kind: 'in', field, values, position: 1 }
    })
  const one = fc.oneof({ weight: 4, arbitrary: comparison }, { weight: 1, arbitrary: list })
  const many = (kind: 'and' | 'or', terms: fc.Arbitrary<Expression>) =>
    fc.array(terms, { minLength: 2, maxLength: 3 }).map((found): Expression => ({ kind, terms: found }))
  return fc.oneof(one, many('and', one), many('or', one), many('and', fc.oneof(one, many('or', one))))
}

/** What every element must do, whatever its vendor. */
export const conform = (element: Element, facts: Conformance): void => {
  let product: Product
  let headers: Record<string, string>

  const list = (resource: string, query: Record<string, string>): Promise<Answer> =>
    ask(`${product.url}/hubs/${element.hub}/${facts.listedAt?.[resource] ?? resource}`, { headers, query })

  const all = async (resource: string, where: string, pageSize = '5000'): Promise<Rows> => {
    const rows: JsonObject[] = []
    let query: Record<string, string> = { pageSize, ...(where === '' ? {} : { where }) }
    for (;;) {
      const page = await list(resource, query)
      expect(page.status, `${where}: ${page.text}`).toBe(200)
      rows.push(...page.json)
      const token = page.headers['elements-next-page-token']
      if (token === undefined) return rows
      expect(page.json).toHaveLength(Number(pageSize))
      query = { nextPage: String(token) }
    }
  }

  const keys = (resource: Resource, rows: Rows): readonly unknown[] => rows.map((row) => row[resource.key])
  const opened = (name: string, where: string): string => {
    const base = facts.everything[name] ?? ''
    if (base === '') return where
    return where === '' ? base : `${base} and (${where})`
  }

  beforeAll(async () => {
    product = await startProduct(facts.product)
    const made = await facts.connect(product, { 'filter.response.nulls': 'false' })
    expect(made.status, made.text).toBe(200)
    headers = hub(product.admin, made.json.token)
  })
  afterAll(async () => {
    await product?.close()
    await facts.close?.()
  })
  const { sandboxUrl } = facts

  // What is driven here is listed without more said; every other pair of resource and verb is driven in pairs.test.ts.
  const listed = Object.entries(element.resources).filter(([name]) => Object.hasOwn(facts.listing, name))

  describe.each(listed)(`${element.key} %s`, (name, resource) => {
    it('lists rows with the key, and the key as id', async () => {
      const rows = await all(name, opened(name, ''))
      expect(rows.length).toBeGreaterThan(5)
      for (const row of rows) expect(row.id).toBe(String(row[resource.key]))
      expect(new Set(keys(resource, rows)).size).toBe(rows.length)
    })

    it('gives each row exactly once, whatever the page size', async () => {
      const rows = await all(name, opened(name, ''))
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 5, max: rows.length + 5 }), async (size) => {
          expect(keys(resource, await all(name, opened(name, ''), String(size)))).toEqual(
            keys(resource, rows),
          )
        }),
        { numRuns: 8 },
      )
    })

    it(
      'answers a query with just the rows that satisfy it, whoever filters them, in pages of exact size',
      async () => {
        const rows = await all(name, opened(name, ''))
        const result = await fc.check(
          fc.asyncProperty(
            expressionOn(resource, rows),
            fc.integer({ min: 9, max: 400 }),
            async (expression, size) => {
              const where = printWhere(expression)
              const wanted = rows.filter(createMatcher(expression, typeIn(resource)))
              const found = await all(name, opened(name, where), String(size))
              expect(keys(resource, found), where).toEqual(keys(resource, wanted))
            },
          ),
          { numRuns: facts.runs },
        )
        if (result.failed) throw new Error(fc.defaultReportMessage(result))
      },
      longTestMs,
    )

    it.runIf(facts.listedAt?.[name] === undefined)('gets each row as the list shows it', async () => {
      const rows = await all(name, opened(name, ''))
      for (const row of rows.slice(0, 5)) {
        const got = await ask(
          `${product.url}/hubs/${element.hub}/${name}/${encodeURIComponent(String(row[resource.key]))}`,
          { headers },
        )
        expect(got.json).toEqual(row)
      }
    })

    if (sandboxUrl === undefined) return

    it('survives a token that ends in the middle of a walk', async () => {
      const rows = await all(name, opened(name, ''))
      const first = await list(name, { pageSize: '4', where: opened(name, '') })
      await ask(`${sandboxUrl(product)}/sandbox/clock`, { body: { addSeconds: 4_000 } })
      const second = await list(name, { nextPage: String(first.headers['elements-next-page-token']) })
      expect(second.status, second.text).toBe(200)
      expect(keys(resource, [...first.json, ...second.json])).toEqual(keys(resource, rows).slice(0, 8))
    })

    it('waits as a rate limit asks, and then answers', async () => {
      const operation = facts.listing[name]
      const control = (path: string, method: string, body?: readonly object[]): Promise<Answer> =>
        ask(`${sandboxUrl(product)}/sandbox/${path}`, { method, ...(body === undefined ? {} : { body }) })
      const put = await control('faults', 'PUT', [{ fault: 'rate-limit', operation, times: 1, value: 1 }])
      expect(put.status, put.text).toBe(200)
      await control('calls', 'DELETE')
      const reply = await list(name, { pageSize: '1', where: opened(name, '') })
      await control('faults', 'DELETE')
      expect(reply.status, reply.text).toBe(200)
      const seen: readonly Record<string, unknown>[] = (await control('calls', 'GET')).json.requests
      const statuses = seen.filter((call) => call['operation'] === operation).map(({ status }) => status)
      expect(statuses.slice(0, 2)).toEqual([429, 200])
    })
  })

  describe.each(Object.entries(facts.writes))(`${element.key} %s, written`, (name, { create, change }) => {
    it('keeps what was written through a round trip', async () => {
      const path = `${product.url}/hubs/${element.hub}/${name}`
      const made = await ask(path, { headers, body: create })
      expect(made.status, made.text).toBe(200)
      expect(made.json).toMatchObject(create)
      const changed = await ask(`${path}/${made.json.id}`, { method: 'PATCH', headers, body: change })
      expect(changed.json).toMatchObject({ ...create, ...change })
      expect((await ask(`${path}/${made.json.id}`, { headers })).json).toEqual(changed.json)
    })
  })
}
