import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRows } from '../../../test/support/table-file.ts'
import type { JsonObject } from '../json.ts'
import { flattenRecord } from './flatten-record.ts'
import { printCsvRow } from './print-csv-row.ts'
import { createUnflattener, unflattenRecord } from './unflatten-record.ts'

test('nested objects become dotted columns, lists and empty objects JSON text, null nothing', () => {
  const record = {
    ID: 'R1',
    Total: 10.5,
    Huge: 1e21,
    IsPaid: false,
    Note: '',
    Gone: null,
    Owner: { Name: 'Ann', Place: { City: 'Bonn', Zip: null } },
    Tags: ['a', { b: 1 }],
    None: [],
    Nothing: {},
  }
  expect(flattenRecord(record)).toEqual({
    ID: 'R1',
    Total: '10.5',
    Huge: '1e+21',
    IsPaid: 'false',
    Note: '',
    'Owner.Name': 'Ann',
    'Owner.Place.City': 'Bonn',
    Tags: '["a",{"b":1}]',
    None: '[]',
    Nothing: '{}',
  })
})

test('an object whose names would read back otherwise stays one cell of JSON', () => {
  expect(flattenRecord({ a: { 'b.c': '1' }, d: { '': '2' }, 'e.f': '3' })).toEqual({
    a: '{"b.c":"1"}',
    d: '{"":"2"}',
    'e.f': '3',
  })
})

test.each([
  [{ A: '1', 'A.B': '2' }, 'A', /columns A and A\.B both have a value/],
  [{ 'A.B': '2', A: '1' }, 'A.B', /columns A\.B and A both have a value/],
  [{ 'A.B.C': '1', X: '2', 'A.B': '3' }, 'A.B.C', /columns A\.B\.C and A\.B both/],
  [{ 'A.B': '1', 'A.B.C.D': '2' }, 'A.B', /columns A\.B and A\.B\.C\.D both/],
  [{ 'a.__proto__.polluted': '1' }, 'a.__proto__.polluted', /__proto__ and constructor\.prototype are not/],
  [JSON.parse('{"__proto__":"1"}'), '__proto__', /not allowed/],
  [{ 'constructor.prototype.polluted': '1' }, 'constructor.prototype.polluted', /not allowed/],
  [{ [Array(201).fill('a').join('.')]: '1' }, Array(201).fill('a').join('.'), /at most 200 names/],
])('columns that do not fit one another or an object are told: %j', (cells: JsonObject, column, words) => {
  expect(unflattenRecord(cells)).toEqual({ column, problem: expect.stringMatching(words) })
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('an object that is a value is neither changed nor mixed with columns', () => {
  const cells = { A: { C: 1 }, 'A.B': '2' }
  expect(unflattenRecord(cells)).toMatchObject({ column: 'A', problem: expect.stringContaining('both') })
  expect(cells).toEqual({ A: { C: 1 }, 'A.B': '2' })
})

test("columns that would be in one another's way are no problem in rows that have but one of them", () => {
  const unflatten = createUnflattener(['A', 'A.B', 'toString', '__proto__'])
  expect(unflatten({ A: '1' })).toEqual({ record: { A: '1' } })
  expect(unflatten({ 'A.B': '1' })).toEqual({ record: { A: { B: '1' } } })
  expect(unflatten({ A: '1', 'A.B': '2' })).toMatchObject({ column: 'A' })
  expect(unflatten({})).toEqual({ record: {} })
})

test('columns become nested objects, names of every object among them', () => {
  const cells = { 'toString.x': '1', 'a.b': '2', 'a.c.d': ['3'], 'constructor.name': '4', e: '5' }
  expect(unflattenRecord(cells)).toEqual({
    record: { toString: { x: '1' }, a: { b: '2', c: { d: ['3'] } }, constructor: { name: '4' }, e: '5' },
  })
})

test.each([
  [['a', 'b'], 'a,b\n'],
  [['a,b', 'c"d', 'e\nf', 'g\rh', ''], '"a,b","c""d","e\nf","g\rh",\n'],
  [[' a', 'b ', 'c d', '\ufeffe', '=1+1', undefined], '" a","b ",c d,"\ufeffe",=1+1,\n'],
  [[''], '""\n'],
  [[undefined], '""\n'],
  [['', ''], ',\n'],
])('a row of CSV is printed: %j', (cells, row) => {
  expect(printCsvRow(cells)).toBe(row)
})

test('a row is printed with the delimiter that is told', () => {
  expect(printCsvRow(['a,b', 'c;d'], ';')).toBe('"a,b";"c;d"\n')
})

const name = fc
  .string({
    unit: fc.constantFrom('a', 'B', ' ', 'é', '"', ',', ';', '|', '\n', '😀', '-'),
    minLength: 1,
    maxLength: 4,
  })
  .filter((text) => text.trim() !== '')
const cell = fc.string({
  unit: fc.constantFrom('x', ' ', '"', ',', ';', '\n', '\r', '\t', '漢', '\ufeff', '='),
  minLength: 1,
})
const { tree } = fc.letrec<{ tree: JsonObject }>((tie) => ({
  tree: fc.dictionary(name, fc.oneof({ maxDepth: 4 }, cell, tie('tree')), {
    minKeys: 1,
    maxKeys: 4,
  }) as never,
}))

test('what is flattened, printed, read and unflattened is what it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 5 }), async (records) => {
      const flat = records.map(flattenRecord)
      const columns = [...new Set(flat.flatMap(Object.keys))]
      const lines = [columns, ...flat.map((cells) => columns.map((column) => cells[column]))]
      const rows = await readRows(lines.map((line) => printCsvRow(line)).join(''))
      const back = rows.map((row) => ('record' in row ? unflattenRecord(row.record) : row))
      expect(back).toEqual(records.map((record) => ({ record })))
    }),
    { numRuns: 300 },
  )
})
