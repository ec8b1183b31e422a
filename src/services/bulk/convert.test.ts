import { describe, expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import { apples } from '../../../test/support/small-vendor.ts'
import { createRowConverter, valueAt } from './convert.ts'

const resource: Resource = apples({
  fields: {
    ID: { type: 'text', access: 'read' },
    Weight: { type: 'number', access: 'write' },
    Ripe: { type: 'boolean', access: 'write' },
    Picked: { type: 'datetime', access: 'write' },
    Tree: { type: 'object', access: 'write' },
    Note: { type: 'text', access: 'write' },
  },
})

const cell = (column: string, text: string) => {
  const made = createRowConverter(resource, true)({ [column]: text })
  return 'record' in made ? made.record : made.problem
}

describe('a cell', () => {
  it.each([
    ['Weight', '12', { Weight: 12 }],
    ['Weight', ' -1.5e3 ', { Weight: -1500 }],
    ['Weight', '.5', { Weight: 0.5 }],
    ['Weight', '007', { Weight: 7 }],
    ['Weight', ' ', {}],
    ['Weight', '0x10', expect.stringContaining("Weight: '0x10' is no number")],
    ['Weight', '1,5', expect.stringContaining('is no number')],
    ['Weight', 'Infinity', expect.stringContaining('is no number')],
    ['Weight', '1e999', expect.stringContaining('is no number')],
    ['Weight', '9007199254740993', expect.stringContaining('more digits')],
    ['Ripe', 'Yes', { Ripe: true }],
    ['Ripe', '0', { Ripe: false }],
    ['Ripe', 'constructor', expect.stringContaining('neither true nor false')],
    ['Picked', ' 2026-01-31 ', { Picked: '2026-01-31' }],
    ['Picked', '2026-01-31 08:15:00', { Picked: '2026-01-31T08:15:00' }],
    ['Picked', '31.1.2026', { Picked: '31.1.2026' }],
    ['Tree', '{"Row":1}', { Tree: { Row: 1 } }],
    ['Tree', 'oak', { Tree: 'oak' }],
    ['Tree', '[1', expect.stringContaining('begins like JSON')],
    ['Tree.Row', '5', { Tree: { Row: '5' } }],
    ['Tree.Leaves', '["a"]', { Tree: { Leaves: ['a'] } }],
    ['Note', ' 12 ', { Note: ' 12 ' }],
    ['Note', '[1]', { Note: '[1]' }],
    ['Unknown', '12', { Unknown: '12' }],
    ['toString', 'x', { toString: 'x' }],
    ['Elements-Error', 'Row 1: x', {}],
  ])('%s %j is %j', (column, text, made) => {
    expect(cell(column, text)).toEqual(made)
  })
})

describe('a row of JSON', () => {
  it('keeps its types, its nulls and its dots; texts for numbers are read', () => {
    const row = { Weight: '12', Ripe: false, Tree: { 'a.b': '[1]' }, Note: null, Unknown: [1], 'x.y': 1 }
    expect(createRowConverter(resource, false)({ ...row, 'Elements-Error': 'x' })).toEqual({
      record: { ...row, Weight: 12 },
    })
    expect(createRowConverter(resource, false)({ Weight: 'heavy' })).toMatchObject({ column: 'Weight' })
  })
})

describe('what a row is found by', () => {
  it('is a text, a number, true or false, dotted names included', () => {
    const record = { A: 'x', B: { C: 7 }, D: '', E: null, 'F.G': 'whole', F: { G: 'inner' } }
    expect(['A', 'B.C', 'F.G'].map((name) => valueAt(record, name))).toEqual(['x', 7, 'whole'])
    expect(['B', 'D', 'E', 'B.D', 'none', 'constructor'].map((name) => valueAt(record, name))).toEqual(
      Array(6).fill(undefined),
    )
  })
})
