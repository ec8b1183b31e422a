import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exceptions, scope } from './spec-coverage.ts'

const parent = join(import.meta.dirname, '..')
const script = join(parent.endsWith('dist') ? dirname(parent) : parent, 'scripts', 'spec-coverage.mjs')

/** What a function of the script makes of these arguments. */
const run = (name: string, ...args: readonly unknown[]): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const script = await import(${JSON.stringify(script)}); console.log(JSON.stringify(script.${name}(...${JSON.stringify(args)})))`,
      ],
      { encoding: 'utf8' },
    ),
  )

const page = `# Page
## 0. Table and bullets
| Head | Fact |
|---|:-:|
| one | x |
| two | x |

* three
- four
\`\`\`
| no | row |
\`\`\`
## 1. Words only
A paragraph.
### 1.1 Below
| H |
|--|
| one |
`

describe('the coverage of the behaviour page', () => {
  it('counts table rows and bullets by section, without heads, rules and code', () => {
    expect(run('rowsOf', page)).toEqual({ '0': 4, '1': 1, '1.1': 1 })
  })

  it('reads rows from the titles of tests that run', () => {
    const source = [
      "it('0/1 answers', () => {})",
      "it('0/2, 1.1/1 answer', () => {})",
      "it.skip('0/3 waits', () => {})",
      "it('answers 0/4 too', () => {})",
      "const path = '1/2'",
    ].join('\n')
    expect(run('rowsInTitles', source)).toEqual(['0/1', '0/2', '1.1/1'])
  })

  it('finds what is missing, what is not on the page, and exceptions that are not needed', () => {
    const result = run('compare', {
      counts: { '0': 4, '1': 1 },
      tested: ['0/1', '0/3', '1/2'],
      scope: { '0': 'all', '1': [1] },
      exceptions: [
        { row: '0/1', part: 'a corner', reason: 'r' },
        { row: '0/2', reason: 'r' },
        { row: '0/3', reason: 'r' },
        { row: '1/1', part: 'a corner', reason: 'r' },
      ],
    })
    expect(result).toMatchObject({
      tested: ['0/1', '0/3'],
      missing: ['0/4', '1/1'],
      unknown: ['1/2'],
      needless: ['0/3'],
    })
  })

  it('leaves out rows within its scope only, each part once', () => {
    const keys = exceptions.map(({ row, part = '' }) => `${row} ${part}`)
    expect(new Set(keys).size).toBe(keys.length)
    for (const { row, reason } of exceptions) {
      const [section = '', number] = row.split('/')
      const rows = scope[section]
      expect(rows === 'all' || rows?.includes(Number(number)), row).toBe(true)
      expect(reason).toMatch(/^(built by ".+"|not here for now: .+)/)
    }
  })
})
