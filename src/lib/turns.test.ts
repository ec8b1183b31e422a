import { describe, expect, it } from 'vitest'
import { createTurns, type TurnsOptions, type Waiter } from './turns.ts'

/** A line, and the names of those whose turn came. */
const open = (options: TurnsOptions) => {
  const turns = createTurns(options)
  const begun: string[] = []
  const take = (name: string, group = ''): Waiter => {
    const waiter = { group, begin: () => void begun.push(name) }
    turns.take(waiter)
    return waiter
  }
  return { turns, begun, take }
}

describe('turns', () => {
  it('are had by so many at a time, and by the others in the order in which they came', () => {
    const { turns, begun, take } = open({ atOnce: 2 })
    const [a, b] = ['a', 'b', 'c', 'd'].map((name) => take(name))
    expect(begun).toEqual(['a', 'b'])
    if (b !== undefined) turns.end(b)
    expect(begun).toEqual(['a', 'b', 'c'])
    if (a !== undefined) turns.end(a)
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
  })

  it('are never all had by one group, and go from group to group', () => {
    const { turns, begun, take } = open({ atOnce: 3, perGroup: 2 })
    const many = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => take(name, 'a'))
    expect(begun).toEqual(['a1', 'a2'])
    const b1 = take('b1', 'b')
    expect(begun).toEqual(['a1', 'a2', 'b1'])
    take('b2', 'b')
    take('b3', 'b')
    for (const one of [...many.slice(0, 2), b1]) turns.end(one)
    expect(begun.slice(3)).toEqual(['a3', 'b2', 'a4'])
  })

  it('are not had by one that left the line, and one that has begun cannot leave it', () => {
    const { turns, begun, take } = open({ atOnce: 1 })
    const [a, b] = ['a', 'b', 'c'].map((name) => take(name))
    if (a === undefined || b === undefined) throw new Error('none')
    expect([turns.leave(a), turns.leave(b), turns.leave(b)]).toEqual([false, true, false])
    turns.end(a)
    expect(begun).toEqual(['a', 'c'])
  })

  it('may be over at once, for any number in line', () => {
    const turns = createTurns({ atOnce: 1 })
    const first: Waiter = { group: '', begin: () => undefined }
    turns.take(first)
    let over = 0
    for (let at = 0; at < 20_000; at++) {
      const waiter: Waiter = {
        group: '',
        begin: () => {
          over += 1
          turns.end(waiter)
        },
      }
      turns.take(waiter)
    }
    turns.end(first)
    expect(over).toBe(20_000)
  })
})
