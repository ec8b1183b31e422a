import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { parseWhere } from './index.ts'
import { parseAll, parseSteps } from './parse.ts'

const failure = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

const refusal = (query: string): string => {
  const error = failure(() => parseWhere(query))
  if (!(error instanceof AppError)) throw new Error(`not refused: ${query}`, { cause: error })
  expect(error.code).toBe('bad-query')
  return error.message
}

const terms = (query: string): number => {
  const expression = parseAll(query)
  return expression?.kind === 'and' ? expression.terms.length : 1
}

describe('the limits of parseWhere', () => {
  it('takes 200 levels of parentheses or NOT and refuses one more, however many follow', () => {
    expect(parseWhere(`${'('.repeat(200)}a=1${')'.repeat(200)}`)?.kind).toBe('comparison')
    expect(parseWhere(`${'not '.repeat(200)}a=1`)?.kind).toBe('not')
    expect(refusal(`${'('.repeat(201)}a=1${')'.repeat(201)}`)).toContain(
      'position 201: expected at most 200 levels',
    )
    expect(refusal(`${'not '.repeat(201)}a=1`)).toContain('at most 200 levels')
    expect(refusal('('.repeat(60_000))).toContain('at most 200 levels')
    expect(refusal(`${'('.repeat(101)}${'not '.repeat(100)}a=1`)).toContain('at most 200 levels')
  })

  it('does not count levels that are closed again', () => {
    expect(terms(`${'(a=1) and '.repeat(300)}a=1`)).toBe(301)
  })

  it('takes 64 KB of UTF-8 and refuses one byte more', () => {
    const filled = (bytes: number) => `a='${'x'.repeat(bytes - 4)}'`
    expect(parseWhere(filled(65_536))?.kind).toBe('comparison')
    expect(refusal(filled(65_537))).toBe('where: longer than 64 KB; split it into several requests.')
    expect(refusal(`a='${'é'.repeat(32_767)}'`)).toContain('longer than 64 KB')
  })

  it('reads flat chains as one node: as many as fit in 64 KB, and 10,000 without the limit', () => {
    const chain = (count: number) => Array.from({ length: count }, () => 'a=1').join(' and ')
    expect(parseWhere(chain(8_000))).toEqual(parseAll(chain(8_000)))
    expect(terms(chain(8_000))).toBe(8_000)
    expect(terms(chain(10_000))).toBe(10_000)
  })

  it('never throws anything but a bad-query on random text', () => {
    const pieces = [
      'a',
      ' ',
      '=',
      "'",
      '"',
      '`',
      '(',
      ')',
      ',',
      'and',
      'OR ',
      'not ',
      'in',
      ' like ',
      'is ',
      'null',
      '1',
      '-',
      '.',
      '[*]',
      '[',
      '2017-01-01',
      'T10:00Z',
      '‘',
      '”',
      '<',
      '>',
      '!',
      '\u0000',
      '😀',
      '\ud800',
      'true',
      '*',
    ]
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''))
    const any = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }))
    let valid = 0
    fc.assert(
      fc.property(any, (query) => {
        const error = failure(() => parseWhere(query))
        if (error === undefined) valid += 1
        return error === undefined || (error instanceof AppError && error.code === 'bad-query')
      }),
      { numRuns: 10_000 },
    )
    expect(valid).toBeGreaterThan(0)
  })

  const kilobyte = 1024
  const fill = (unit: string, bytes: number, head = '', tail = '') =>
    head + unit.repeat(Math.floor((bytes - head.length - tail.length) / unit.length)) + tail
  const shapes: readonly (readonly [name: string, make: (bytes: number) => string])[] = [
    ['a chain of comparisons', (bytes) => fill("field='value' and ", bytes, '', 'a=1')],
    ['one long list', (bytes) => fill("'v',", bytes, 'a in (', '1)')],
    ['one long name', (bytes) => fill('a', bytes, '', '=1')],
    ['a name of many parts and a wrong end', (bytes) => fill('a[0].', bytes, '', ' =1')],
    ['one long number', (bytes) => fill('1', bytes, 'a=', 'x')],
    ['one long text of doubled quotes', (bytes) => fill("''", bytes, "a='", "'")],
    ['an open quote', (bytes) => fill('x', bytes, "a='")],
    ['an open index', (bytes) => fill('1', bytes, 'a[')],
    ['a row of NOT', (bytes) => fill('not ', bytes)],
    ['wide letters', (bytes) => fill('é', bytes / 2, '', '=1')],
  ]
  it.each(shapes)('looks at no more than 70 times as much in 64 KB as in 1 KB of %s', (_name, make) => {
    const small = parseSteps(make(kilobyte))
    expect(small).toBeGreaterThan(200)
    expect(parseSteps(make(64 * kilobyte))).toBeLessThanOrEqual(70 * small)
  })

  it('prints how long five predicates take', () => {
    const query = "a = 'x' and b >= 12.5 and c in ('p','q') and d like 'abc%' and e > 2017-04-19T05:01:31Z"
    for (let run = 0; run < 20_000; run++) parseWhere(query)
    const runs = 50_000
    const start = performance.now()
    for (let run = 0; run < runs; run++) parseWhere(query)
    const micros = ((performance.now() - start) * 1000) / runs
    process.stdout.write(`CEQL: ${micros.toFixed(2)} us for five predicates\n`)
    expect(parseWhere(query)?.kind).toBe('and')
  })
})
