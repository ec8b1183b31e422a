import { describe, expect, it } from 'vitest'
import { rootKeyOf, valueAt, withValueAt } from './root-key.ts'

const reply = { data: { items: [{ a: { b: 1 } }, { a: { b: 2 } }, { c: 3 }] }, 'x.y': 4, list: [[5]] }

describe('a root key', () => {
  it.each([
    ['data.items', reply.data.items],
    ['data.items[*]', reply.data.items],
    ['data.items[*].a.b', [1, 2]],
    ['data.items[1].a', { b: 2 }],
    ['list[0][0]', 5],
    ['x.y', 4],
    ['data.nothing', undefined],
    ['data[0]', undefined],
    ['constructor', undefined],
    ['', reply],
  ])('%s leads there', (path, value) => {
    expect(valueAt(reply, path)).toEqual(value)
  })

  it('[0] leads into an array', () => {
    expect(valueAt([7, 8], '[0]')).toBe(7)
    expect(valueAt([{ a: 1 }, { a: 2 }], '[*].a')).toEqual([1, 2])
  })

  it('has a side for requests and one for replies', () => {
    expect(rootKeyOf('person|data.person')).toEqual({ request: 'person', response: 'data.person' })
    expect(rootKeyOf('|Items')).toEqual({ request: '', response: 'Items' })
    expect(rootKeyOf('person|')).toEqual({ request: 'person', response: '' })
    expect(rootKeyOf('[0]')).toEqual({ request: '', response: '[0]' })
    expect(rootKeyOf(null)).toEqual({ request: '', response: '' })
  })

  it('makes room for a value below names', () => {
    expect(withValueAt({ a: { b: 1 } }, 'a.c.d', 2)).toEqual({ a: { b: 1, c: { d: 2 } } })
    expect(withValueAt({ a: 1 }, 'a.b', 2)).toEqual({ a: { b: 2 } })
  })
})
