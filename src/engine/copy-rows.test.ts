import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { copyRow, copyRows } from './copy-rows.ts'
import { dropNulls, toHubRow } from './rows.ts'
import { rowsNames } from './vendor-page.ts'

const resource: Resource = {
  name: 'things',
  title: 'Things',
  key: 'Key',
  keepUnknown: true,
  source: 'test',
  fields: { Key: { type: 'text', access: 'read' } },
  verbs: { search: { method: 'GET', path: '/things', rows: 'Items' } },
  page: { kind: 'cursor', next: 'Next', cursorParam: 'c', sizeParam: 'n', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [],
}
const byId: Resource = { ...resource, key: 'id' }

/** What the hub shows of a row, by way of objects. */
const shown = (of: Resource, row: JsonObject, keepNulls: boolean): Json =>
  keepNulls ? toHubRow(of, row) : dropNulls(toHubRow(of, row))

const copied = (text: string, keepNulls = false, of = resource): Json | null => {
  const json = copyRow(Buffer.from(text), of, keepNulls)
  return json === null ? null : (JSON.parse(json.toString()) as Json)
}

const name = fc.oneof(fc.constantFrom('Key', 'id', 'Id', 'Name', 'a', '', 'ü'), fc.string({ maxLength: 5 }))
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    fc.boolean(),
    fc.integer(),
    // JSON.stringify writes -0 as 0.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3 }),
  ),
})).any as fc.Arbitrary<Json>
const anyRow = fc.dictionary(name, value, { maxKeys: 6 })
const goodRow = fc
  .tuple(fc.oneof(fc.string({ unit: 'binary' }), fc.integer()), anyRow)
  .map(([key, row]): JsonObject => {
    // The names that are left to the parser, see below.
    const plain = Object.entries(row).filter(([one]) => one !== 'id' && JSON.stringify(one) === `"${one}"`)
    return { ...Object.fromEntries(plain), Key: key }
  })
const spaces = fc.constantFrom(0, 1, '\t')

describe('a row that is copied', () => {
  it('is what parsing, filling and printing it would give', () => {
    fc.assert(
      fc.property(goodRow, spaces, fc.boolean(), (row, space, keepNulls) => {
        expect(copied(JSON.stringify(row, null, space), keepNulls)).toEqual(shown(resource, row, keepNulls))
      }),
      { numRuns: 3_000 },
    )
  })

  it('is never wrong: it is the same, or it is not copied', () => {
    fc.assert(
      fc.property(anyRow, fc.boolean(), fc.constantFrom(resource, byId), (row, keepNulls, of) => {
        const json = copied(JSON.stringify(row), keepNulls, of)
        if (json !== null) expect(json).toEqual(shown(of, row, keepNulls))
      }),
      { numRuns: 3_000 },
    )
  })

  it('is never what JSON.parse refuses: changed bytes are copied as they are read, or not at all', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\0123.eE+-nulltrue \u0001é'.split('')))
    let copies = 0
    fc.assert(
      fc.property(goodRow, fc.array(change, { minLength: 1, maxLength: 3 }), (row, changes) => {
        let text = JSON.stringify(row)
        for (const [at, char] of changes) {
          const place = at % text.length
          text = `${text.slice(0, place)}${char}${text.slice(place + (at % 2))}`
        }
        if (!text.isWellFormed()) return
        const json = copied(text)
        if (json === null) return
        copies += 1
        const read = JSON.parse(text) as Json
        if (!isJsonObject(read)) throw new Error(`copied what is no row: ${text}`)
        // Of two members with one name a reader takes the last, but one that is null is gone.
        if (JSON.stringify(read).length === text.length) expect(json).toEqual(shown(resource, read, false))
      }),
      { numRuns: 10_000 },
    )
    expect(copies).toBeGreaterThan(300)
  })

  it.each([
    [
      '{"Key":"a","Total":10.50,"Big":12345678901234567890}',
      '{"id":"a","Key":"a","Total":10.50,"Big":12345678901234567890}',
    ],
    ['{ "x" : null, "Key" : 7 }', '{"id":"7","Key":7}'],
    [
      '{"a":null,"Key":"k","b":null,"c":{"d":null,"e":[null,{"f":null}]}}',
      '{"id":"k","Key":"k","c":{"e":[null,{}]}}',
    ],
    ['{"Key":"\\u00e9\\"\\\\"}', '{"id":"\\u00e9\\"\\\\","Key":"\\u00e9\\"\\\\"}'],
  ])('keeps the spelling of its values: %s', (text, wanted) => {
    expect(copyRow(Buffer.from(text), resource, false)?.toString()).toBe(wanted)
  })

  it.each([
    ['a key that is missing', '{"Name":"a"}'],
    ['a key that is null', '{"Key":null}'],
    ['a key that is neither text nor number', '{"Key":true}'],
    ['a key that is printed in another way', '{"Key":1e3}'],
    ['an id of its own', '{"Key":"a","id":"b"}'],
    ['a name in disguise', '{"Key":"a","\\u0069d":"b"}'],
    ['no object', '["Key"]'],
    ['something behind it', '{"Key":"a"} x'],
    ['a byte order mark', '\ufeff{"Key":"a"}'],
    ['a leading zero', '{"Key":"a","b":01}'],
    ['a bare minus', '{"Key":"a","b":-}'],
    ['no value', '{"Key":"a","b":}'],
    ['a comma too many', '{"Key":"a",}'],
    ['a wrong escape', '{"Key":"\\x"}'],
    ['a control character', '{"Key":"a\tb"}'],
    ['too little', '{"Key":"a"'],
    ['too much depth', `{"Key":"a","b":${'['.repeat(101)}${']'.repeat(101)}}`],
  ])('is left to the parser with %s', (_what, text) => {
    expect(copyRow(Buffer.from(text), resource, false)).toBeNull()
  })

  it('is left to the parser when its bytes are no UTF-8, or its fields have other names', () => {
    expect(
      copyRow(Buffer.from([...Buffer.from('{"Key":"'), 0xff, ...Buffer.from('"}')]), resource, false),
    ).toBeNull()
    expect(copyRow(Buffer.from('{"Key":"a"}'), { ...resource, keepUnknown: false }, false)).toBeNull()
  })
})

describe('rows that are copied', () => {
  it('are those of the listing, with what stands beside them', () => {
    fc.assert(
      fc.property(
        fc.array(goodRow, { maxLength: 5 }),
        value,
        spaces,
        fc.boolean(),
        (rows, next, space, first) => {
          const reply = first ? { Next: next, Items: rows } : { Items: rows, Next: next }
          const made = copyRows(
            Buffer.from(JSON.stringify(reply, null, space)),
            resource,
            rowsNames(resource),
            true,
          )
          expect(made?.count).toBe(rows.length)
          expect(JSON.parse(made?.json.toString() ?? '')).toEqual(rows.map((row) => toHubRow(resource, row)))
          expect(JSON.parse(made?.others.get('Next') ?? '')).toEqual(next)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    '{"Next":"x"}',
    '{"Items":null}',
    '{"Items":{"Key":"a"}}',
    '{"Items":[{"Key":"a"},1]}',
    '{"Items":[],"Items":[{"Key":"a"}]}',
    '[{"Key":"a"}]',
    '{"Items":[{"Key":"a"}],}',
    '{"Items":[{"Key":"a"}]',
    '',
  ])('are left to the parser in %j', (text) => {
    expect(copyRows(Buffer.from(text), resource, rowsNames(resource), false)).toBeNull()
  })

  it('do not share their bytes with those of the next reply', () => {
    const first = copyRow(Buffer.from('{"Key":"first"}'), resource, false)
    copyRow(Buffer.from('{"Key":"other"}'), resource, false)
    expect(first?.toString()).toBe('{"id":"first","Key":"first"}')
  })
})
