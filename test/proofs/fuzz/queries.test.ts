import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { type Expression, parseOrderBy, parseSelect, parseWhere, printWhere } from '#src/ceql/index.ts'
import { parseSteps } from '#src/ceql/parse.ts'
import { AppError } from '#src/lib/errors.ts'
import { randomOf } from '../support/random.ts'
import { createTally, proofRun } from '../support/run.ts'
import { type QueryString, queryString, repeatedShape } from './query-strings.ts'

const run = proofRun('fuzz')
const fullCount = 1_000_000
const fullShapes = 4_000
const maxBytes = 65_536
const casesBetweenBreaths = 2_000

const unplaced = (expression: Expression): Expression => {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, terms: expression.terms.map(unplaced) }
    case 'not':
      return { kind: 'not', term: unplaced(expression.term) }
    default:
      return { ...expression, position: 0 }
  }
}

/** What a parser made of a text; undefined for a proper refusal. @throws whatever else it threw. */
const parsed = <T>(parse: (text: string) => T, text: string): { readonly value: T } | undefined => {
  try {
    return { value: parse(text) }
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-query') return undefined
    throw error
  }
}

const faultOfRoundTrip = (expression: Expression): string | undefined => {
  const printed = printWhere(expression)
  if (Buffer.byteLength(printed) > maxBytes) return undefined
  const again = parseWhere(printed)
  if (again === null || !isDeepStrictEqual(unplaced(again), unplaced(expression))) {
    return `reads back as another tree from ${JSON.stringify(printed)}`
  }
  return undefined
}

/** What is wrong with how one text was treated; tells by `onValid` that it was a query. */
const faultOf = ({ text, expected }: QueryString, onValid: () => void): string | undefined => {
  const where = parsed(parseWhere, text)
  parsed(parseOrderBy, text)
  const select = parsed(parseSelect, `select a, b from c where ${text}`)
  if (expected !== undefined && (where === undefined) !== (expected === 'refused'))
    return `is not ${expected}`
  if (where === undefined || where.value === null) return undefined
  onValid()
  const isShort = text.length < 1_000
  if (
    isShort &&
    !isDeepStrictEqual(select && unplaced(select.value.where ?? where.value), unplaced(where.value))
  ) {
    return 'means another thing in a select'
  }
  return faultOfRoundTrip(where.value)
}

test(
  'every generated text is a query that reads back from its print, or a bad-query, never anything else',
  async () => {
    const count = run.share(fullCount)
    const kinds = createTally()
    const valid = createTally()
    const failures: string[] = []
    for (let number = 0; number < count && failures.length < 20; number++) {
      const query = queryString(randomOf(run.seed, 'query', number))
      kinds.add(query.kind)
      try {
        const fault = faultOf(query, () => valid.add(query.kind))
        if (fault !== undefined)
          failures.push(`case ${number} ${fault}: ${JSON.stringify(query.text.slice(0, 500))}`)
      } catch (error) {
        failures.push(`case ${number} threw ${String(error)}: ${JSON.stringify(query.text.slice(0, 500))}`)
      }
      // Long loops without a pause make the test runner believe that its worker is gone.
      if (number % casesBetweenBreaths === 0) await setImmediate()
    }
    run.say(`${count.toLocaleString('en')} query strings; ${kinds.text()}`)
    run.say(`queries among them: ${valid.text()}`)
    if (failures.length > 0) throw run.failure(failures)
    expect(valid.of('sound')).toBe(kinds.of('sound'))
    expect(valid.of('mutated')).toBeLessThan(kinds.of('mutated'))
  },
  run.timeoutMs,
)

test(
  'the parser looks at no more than 70 times as much in 64 KB as in 1 KB, whatever is repeated',
  async () => {
    const count = run.share(fullShapes)
    const failures: string[] = []
    let largest = 0
    for (let number = 0; number < count; number++) {
      const shape = repeatedShape(randomOf(run.seed, 'shape', number))
      const [small, large] = [parseSteps(shape(1_024)), parseSteps(shape(maxBytes))]
      largest = Math.max(largest, large / small)
      if (large > 70 * small)
        failures.push(`shape ${number}: ${small} and ${large} steps: ${JSON.stringify(shape(100))}`)
      if (number % 20 === 0) await setImmediate()
    }
    run.say(
      `${count.toLocaleString('en')} shapes, steps in 64 KB at most ${largest.toFixed(1)} times those in 1 KB`,
    )
    if (failures.length > 0) throw run.failure(failures)
    expect(largest).toBeGreaterThan(30)
  },
  run.timeoutMs,
)
