import { mutated, oddText, type Random } from '../support/random.ts'
import { oddSegments, oddValues } from './request-words.ts'

const oddNumber = (random: Random): unknown => random.pick([0, -1, 1e308, 1.5, 2 ** 53, -0, 1e21])

/** A JSON value of the wrong kind for wherever it lands. */
const oddJson = (random: Random, depth = 2): unknown => {
  switch (random.int(depth > 0 ? 9 : 6)) {
    case 0:
      return oddNumber(random)
    case 1:
      return oddText(random, 20)
    case 2:
      return random.pick([null, true, false])
    case 3:
      return random.pick(oddValues)
    case 4:
      return 'é'.repeat(random.int(5_000))
    case 5:
      return random.pick(['\u0000', '<b onclick=x>A</b>', '********', '2026-13-45', 'NaN'])
    case 6:
      return random.many(0, 4, () => oddJson(random, depth - 1))
    default:
      return Object.fromEntries(
        random.many(0, 4, () => [
          random.once(2) ? oddText(random, 6) : random.pick(oddSegments),
          oddJson(random, depth - 1),
        ]),
      )
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The body with one field, at any depth, of another kind. */
export const withOddField = (random: Random, body: unknown): unknown => {
  if (!isObject(body)) return oddJson(random)
  const names = Object.keys(body)
  if (names.length === 0 || random.once(5)) return { ...body, [oddText(random, 10)]: oddJson(random) }
  const name = random.pick(names)
  const inner = body[name]
  return {
    ...body,
    [name]: isObject(inner) && random.once(2) ? withOddField(random, inner) : oddJson(random),
  }
}

/** A body that is not the JSON that it should be. */
export const oddBytes = (random: Random, body: unknown): Buffer => {
  const text = JSON.stringify(body ?? { a: 1 })
  switch (random.int(7)) {
    case 0:
      return Buffer.from(
        mutated(random, text, 3, () => random.pick(['"', '{', '}', ',', '\\', '\\u', '\u0000', '1e'])),
      )
    case 1:
      return Buffer.from(Array.from({ length: random.int(300) }, () => random.int(256)))
    case 2:
      return Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0])])
    case 3:
      return Buffer.from(random.pick(['[', '{"a":']).repeat(random.int(5_000)))
    case 4:
      return Buffer.from(text, random.pick(['utf16le', 'latin1']))
    case 5:
      return Buffer.from(`{"__proto__":${text},"constructor":{"prototype":1}}`)
    default:
      return Buffer.from(`${text}${text}`)
  }
}
