import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const script = join(import.meta.dirname, '..', 'scripts', 'check-rooms.mjs')

const ask = (expression: string): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const rooms = await import(${JSON.stringify(script)}); console.log(JSON.stringify(${expression}))`,
      ],
      {
        encoding: 'utf8',
      },
    ),
  )

describe('the room check', () => {
  it('catches every planted violation', () => {
    expect(ask('rooms.plantedRules(rooms.fixture).length')).toBeGreaterThan(7)
    expect(ask('rooms.missedRules()')).toEqual([])
  })

  it('would not pass for having read nothing', () => {
    expect(ask("rooms.cruise(rooms.fixture, ['src']).modules")).toBeGreaterThan(5)
  })
})
