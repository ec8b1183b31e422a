import { describe, expect, it } from 'vitest'
import { parseWhere, printWhere } from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { planShape, planWhere, printPlan } from './where.ts'

const invoices: Resource = {
  name: 'invoices',
  title: 'Invoices',
  key: 'ID',
  keepUnknown: true,
  source: 'made for this test',
  fields: {
    ID: { type: 'text', access: 'read' },
    Status: { type: 'text', access: 'read' },
    Total: { type: 'number', access: 'read' },
    Open: { type: 'boolean', access: 'read' },
    Changed: { type: 'datetime', access: 'read' },
    Unit: { type: 'object', access: 'read' },
  },
  aliases: { state: 'Status' },
  verbs: {
    search: { method: 'GET', path: '/invoices', rows: 'Items' },
    retrieve: { method: 'GET', path: '/invoices/{id}' },
  },
  page: { kind: 'cursor', next: 'next', cursorParam: 'cursor', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    { param: 'owner', means: 'equals', type: 'text' },
    { param: 'hasTax', means: 'equals', type: 'boolean' },
    { param: 'statusCode', means: 'equals', type: 'text', field: 'Status', list: true },
    { param: 'changedAfter', means: 'after', type: 'datetime', field: 'Changed', widenSeconds: 1 },
    { param: 'changedBefore', means: 'before', type: 'datetime', field: 'Changed', widenSeconds: 1 },
    { param: 'lineAfter', means: 'after', type: 'datetime' },
  ],
}

const plan = (where: string) => {
  const made = planWhere(invoices, parseWhere(where))
  return {
    key: made.key,
    pushed: Object.fromEntries(made.pushed.map(({ filter, value }) => [filter.param, value])),
    rest: made.rest === null ? null : printWhere(made.rest),
  }
}

describe('what is pushed to the vendor', () => {
  it.each([
    ["statusCode = 'A'", { statusCode: 'A' }, "Status in ('A')"],
    ["statusCode='A,B'", { statusCode: 'A,B' }, "Status in ('A', 'B')"],
    ["Status = 'A'", { statusCode: 'A' }, "Status = 'A'"],
    ["Status in ('A','B')", { statusCode: 'A,B' }, "Status in ('A', 'B')"],
    ["state = 'A'", { statusCode: 'A' }, "Status = 'A'"],
    ["owner = 'x'", { owner: 'x' }, null],
    ["hasTax = 'TRUE'", { hasTax: 'true' }, null],
    ["lineAfter = '2026-01-02'", { lineAfter: '2026-01-02' }, null],
    ["changedAfter = '2026-01-02'", { changedAfter: '2026-01-01T23:59:59.000' }, "Changed >= '2026-01-02'"],
    ["changedAfter > '2026-01-02'", { changedAfter: '2026-01-01T23:59:59.000' }, "Changed >= '2026-01-02'"],
    [
      "changedBefore <= '2026-01-02T00:00:00Z'",
      { changedBefore: '2026-01-02T00:00:01.000' },
      "Changed <= '2026-01-02T00:00:00Z'",
    ],
    ["Changed > '2026-01-02'", { changedAfter: '2026-01-01T23:59:59.000' }, "Changed > '2026-01-02'"],
    [
      "(Status = 'A' and Total > 5) and owner = 'x'",
      { statusCode: 'A', owner: 'x' },
      "Status = 'A' and Total > 5",
    ],
  ])('%s', (where, pushed, rest) => {
    const made = plan(where)
    expect(made.pushed).toEqual(pushed)
    expect(made.rest).toBe(rest)
  })
})

describe('what stays here', () => {
  it.each([
    "Status = 'A' OR Total = 1",
    "NOT Status = 'A'",
    "Status != 'A'",
    "Status LIKE 'A%'",
    'Status IS NULL',
    "Status = 'A,B'",
    "Status = ''",
    "Changed = '2026-01-02'",
    "Unit.Code = 'x'",
  ])('%s', (where) => {
    const made = plan(where)
    expect(made.pushed).toEqual({})
    expect(made.rest).not.toBeNull()
  })

  it('keeps a second bound on the same parameter as a local check', () => {
    const made = plan("Changed > '2026-01-02' and Changed > '2026-03-04'")
    expect(made.pushed).toEqual({ changedAfter: '2026-01-01T23:59:59.000' })
    expect(made.rest).toBe("Changed > '2026-01-02' and Changed > '2026-03-04'")
  })
})

describe('a query for one row', () => {
  it('is a get, by the key or by id', () => {
    expect(plan("ID = 'x'").key).toBe('x')
    expect(plan("id = 'x' and Total > 5")).toEqual({ key: 'x', pushed: {}, rest: "ID = 'x' and Total > 5" })
  })

  it('stays a listing where the vendor must judge something that a row does not show', () => {
    expect(plan("ID = 'x' and hasTax = 'true'")).toMatchObject({ key: null, pushed: { hasTax: 'true' } })
  })
})

describe('queries that are refused', () => {
  it.each([
    ["Stats = 'A'", /no field 'Stats'.*Status/],
    ["owner != 'x'", /owner takes = only/],
    ["owner = ''", /owner needs a value/],
    ["owner = 'x' OR Total = 1", /owner is a search parameter/],
    ["owner IN ('x')", /owner is a search parameter/],
    ["owner = 'x' and owner = 'y'", /owner can only be given once/],
    ["hasTax = 'maybe'", /hasTax is true or false/],
    ["changedAfter < '2026-01-02'", /changedAfter takes =, >, >=/],
    ["changedAfter = 'soon'", /changedAfter needs a date/],
    ['Total.Sum = 1', /no field 'Total.Sum'/],
  ])('%s', (where, words) => {
    expect(() => plan(where)).toThrow(words)
  })
})

describe('the plan in words', () => {
  it('shows values to the caller and only names to the log, in ASCII', () => {
    const made = planWhere(invoices, parseWhere("Status = 'Größe' and Total > 5"))
    expect(printPlan(invoices, made)).toBe(
      "provider: statusCode='Gr%C3%B6%C3%9Fe'; local: Status = 'Gr%C3%B6%C3%9Fe' and Total > 5",
    )
    expect(planShape(invoices, made)).toBe('provider(statusCode) local(Status, Total)')
    expect(printPlan(invoices, planWhere(invoices, null))).toBe('provider: everything; local: nothing')
  })
})
