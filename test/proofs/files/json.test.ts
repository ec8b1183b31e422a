import { isDeepStrictEqual } from 'node:util'
import { test } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject } from '#src/lib/json.ts'
import type { HowToRead } from '#src/lib/table-file/read-table.ts'
import { readRows } from '../../support/table-file.ts'
import { mutated, type Random } from '../support/random.ts'
import { proofRun } from '../support/run.ts'
import { debrisRows, randomDocument } from './documents.ts'
import { randomJson } from './json-documents.ts'
import { encoded, encodings, readInParts, runCases, withoutWords } from './reading.ts'

const run = proofRun('files')
const fullCount = 100_000

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const hasHuge = (value: unknown): boolean =>
  typeof value === 'number'
    ? Math.abs(value) > Number.MAX_SAFE_INTEGER
    : typeof value === 'object' && value !== null && Object.values(value).some(hasHuge)

const faultOfJson = async (random: Random): Promise<string | undefined> => {
  const { text, rows } = randomJson(random)
  const expected = rows.map((one, index) => {
    const record = parsed(one)
    const isSound = isJsonObject(record) && !hasHuge(record)
    return isSound ? { row: index + 1, record } : { row: index + 1, problem: true }
  })
  const found = await readInParts(encoded(text, random.pick(encodings)), random, {})
  if (isDeepStrictEqual(withoutWords(found), expected)) return undefined
  return `${JSON.stringify(text)} is read as ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`
}

const anyText = (random: Random): string => {
  const text = random.once(2) ? randomJson(random).text : randomDocument(random).text
  return mutated(random, text, 4, () => debrisRows(random).slice(0, 5))
}

/** Some bytes of it changed. */
const anyBytes = (random: Random): Buffer => {
  const bytes = encoded(anyText(random), random.pick(encodings))
  const spoiled = random.once(3) ? random.many(1, 3, () => random.int(bytes.length + 1)) : []
  for (const at of spoiled) if (at < bytes.length) bytes[at] = random.int(256)
  return bytes
}

const refusalOf = async <Value>(reading: Promise<Value>): Promise<Value | string> => {
  try {
    return await reading
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-request') return error.message
    throw error
  }
}

const faultOfAny = async (random: Random): Promise<string | undefined> => {
  const bytes = anyBytes(random)
  const how: Partial<HowToRead> = random.once(4) ? { mostRowBytes: 30 } : {}
  const whole = await refusalOf(readRows(bytes, how))
  const parts = await refusalOf(readInParts(bytes, random, how))
  if (isDeepStrictEqual(whole, parts)) return undefined
  return `${JSON.stringify(bytes.toString('latin1'))} is read as ${JSON.stringify(whole)}, in parts ${JSON.stringify(parts)}`
}

test(
  'each row of a JSON file is what JSON.parse makes of its text, or a problem',
  () => runCases(run, 'JSON files', run.share(fullCount), faultOfJson),
  run.timeoutMs,
)

test(
  'whatever the bytes are, they are rows or a refusal, and the same in any chunks and from any place on',
  () => runCases(run, 'spoiled files', run.share(fullCount), faultOfAny),
  run.timeoutMs,
)
