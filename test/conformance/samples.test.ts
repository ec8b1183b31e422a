import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { type DriveStage, filled, ok, openDriveStage } from './drive-stage.ts'
import { hasSamples, idIn, type Leaf, leavesOf, readSample, root, sampleFiles } from './sample-files.ts'
import { notRead, type Reading, readings } from './samples.ts'

const reasonFor = (file: string): string | undefined =>
  Object.entries(notRead).find(([start]) => file.startsWith(start))?.[1]

/** What the element's README says is dropped of people. */
const droppedNames: readonly string[] = [
  ...(
    readFileSync(join(root, 'elements', 'concur', 'README.md'), 'utf8').split('## Dropped')[1] ?? ''
  ).matchAll(/`([^`]+)`/g),
].map(([, name]) => name ?? '')

const isDropped = ({ dropped = {}, call }: Reading, path: string): boolean =>
  [...Object.keys(dropped), ...(call.startsWith('/users') ? droppedNames : [])].some(
    (name) => path === name || path.startsWith(`${name}.`),
  )

const rowsIn = (reading: Reading, sample: Json): readonly Json[] => {
  const rows = reading.rows !== undefined && isJsonObject(sample) ? sample[reading.rows] : sample
  return Array.isArray(rows) ? rows : rows === undefined ? [] : [rows]
}

const bodyOf = ({ wrapped }: Reading, sample: Json): string =>
  JSON.stringify(wrapped === undefined ? sample : { [wrapped]: [sample] })

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Values of a sample's row that the hub's row does not show. */
const lostOf = (reading: Reading, sample: Json, shown: JsonObject): readonly string[] => {
  const there = leavesOf(shown)
  const has = ({ path, value }: Leaf): boolean => {
    const name = reading.shownAs?.[path] ?? path
    const wanted = reading.values?.find(([vendor]) => vendor === value)?.[1] ?? value
    return there.some((leaf) => sameName(leaf.path, name) && leaf.value === wanted)
  }
  return leavesOf(sample)
    .filter((leaf) => leaf.value !== null && !isDropped(reading, leaf.path) && !has(leaf))
    .map(({ path, value }) => `${path}: ${JSON.stringify(value)}`)
}

describe.runIf(hasSamples)('the example payloads of SAP Concur’s pages', () => {
  let stage: DriveStage
  const counts = { samples: 0, rows: 0, leaves: 0 }
  beforeAll(async () => {
    stage = await openDriveStage()
  })
  afterAll(async () => {
    await stage?.product.close()
    const files = sampleFiles().filter((file) => !readings.some((reading) => reading.file === file))
    const reasons = [...new Set(files.map((file) => reasonFor(file) ?? 'no reason'))]
    const list = reasons.map((reason) => {
      const names = files.filter((file) => (reasonFor(file) ?? 'no reason') === reason)
      return `${reason}: ${names.join(', ')}`
    })
    process.stdout.write(
      `samples: ${counts.samples} read, ${counts.rows} rows, ${counts.leaves} values; ${files.length} not coverable:\n  ${list.join('\n  ')}\n`,
    )
  })

  it('are each read, or left out for a reason', () => {
    const files = sampleFiles()
    const read = readings.map(({ file }) => file)
    expect(files.filter((file) => !read.includes(file) && reasonFor(file) === undefined)).toEqual([])
    expect(read.filter((file) => !files.includes(file))).toEqual([])
    expect(Object.keys(notRead).filter((start) => !files.some((file) => file.startsWith(start)))).toEqual([])
  })

  it.each(readings.map((reading) => [reading.file, reading] as const))(
    '%s is read without loss',
    async (_file, reading) => {
      const sample = readSample(reading.file)
      const rows = rowsIn(reading, sample)
      stage.product.tap?.answerWith(
        [[reading.answers, bodyOf(reading, sample)] as const]
          .concat(
            Object.entries(reading.beside ?? {}).map(([path, file]) => [
              path,
              JSON.stringify(readSample(file)),
            ]),
          )
          .map(([path, body]) => ({
            method: reading.creates === undefined ? 'GET' : 'POST',
            path: new RegExp(`${path}$`),
            body,
          })),
      )
      const path = reading.call.replace('{id}', encodeURIComponent(idIn(rows[0])))
      const list = path === reading.call
      const call = stage.instances[reading.as].call
      const query = filled(reading.query ?? {}, stage.known[reading.as])
      const reply = await (reading.creates === undefined
        ? ok(call(path, { query: { ...query, ...(list ? { pageSize: String(rows.length) } : {}) } }))
        : ok(call(path, { method: 'POST', query, body: reading.creates })))
      stage.product.tap?.answerWith([])
      if (reading.creates === undefined) {
        const shown: readonly JsonObject[] = list ? reply.json : [reply.json]
        expect(shown).toHaveLength(rows.length)
        expect(rows.flatMap((row, at) => lostOf(reading, row, shown[at] ?? {}))).toEqual([])
      } else {
        const told = leavesOf(sample).map(({ value }) => String(value).split('/').at(-1))
        expect(told).toContain(reply.json.id)
      }
      counts.samples += 1
      counts.rows += rows.length
      counts.leaves += rows.flatMap((row) => leavesOf(row)).length
    },
  )
})
