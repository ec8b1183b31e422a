import { describe, expect, it } from 'vitest'
import { clausesOf, withValues } from './where-clauses.ts'

const where = "a in ('x', 'y') and b = 1"

describe('the values of a query', () => {
  it('are those that a script answers', () => {
    expect(clausesOf(where).map(({ value }) => value)).toEqual([['x', 'y'], 1])
    expect(clausesOf(withValues(where, { where: [{ value: ['z'] }, { value: 2 }] }))).toMatchObject([
      { attribute: 'a', operator: 'in', value: ['z'] },
      { attribute: 'b', operator: '=', value: 2 },
    ])
  })

  it('are no empty list, with which a query would be none', () => {
    expect(() => withValues(where, { where: [{ value: [] }, { value: 1 }] })).toThrow('list of where')
  })
})
