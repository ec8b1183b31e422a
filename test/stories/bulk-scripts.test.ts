import { beforeAll, describe, expect, it } from 'vitest'
import { type BulkStage, linesOf, onBulk } from '../support/bulk.ts'
import { type Mapping, mappingOn, off, tripFields } from '../support/mapping.ts'

type Row = Record<string, unknown>

let stage: BulkStage
let mapping: Mapping

onBulk((made) => {
  stage = made
})
beforeAll(async () => {
  mapping = await mappingOn(stage, stage.instance)
})

const scripted = async (body: string, filterEmptyResponse = false): Promise<void> => {
  const made = await mapping.map('trips', 'reports', tripFields, [off], {
    script: { body, filterEmptyResponse },
  })
  expect(made.status, made.text).toBe(200)
}

const everybody = "user='ALL'"

/** The rows of a download, and its status. */
const download = async (more: Row = {}) => {
  const { bulk } = stage
  const body = { objectName: 'trips', where: everybody, pageSize: 20, ...more }
  const made = await bulk.call('/download', { method: 'POST', body })
  expect(made.status, made.text).toBe(200)
  const { id } = made.json
  const status = await bulk.ended(id)
  expect(status, JSON.stringify(status)).toMatchObject({ status: 'COMPLETED', recordsFailedCount: 0 })
  const { text } = await bulk.file(id, 'trips', 'application/json')
  return { id, status, rows: linesOf(text) as Row[] }
}

/** Every page of a download, by the tokens that lead from one to the next. */
const paged = async (id: string, pageSize: string): Promise<Row[]> => {
  const rows: Row[] = []
  for (let nextPage: string | undefined; ; ) {
    const query = { pageSize, ...(nextPage === undefined ? {} : { nextPage }) }
    const page = await stage.bulk.call(`/${id}/trips/data`, { query })
    expect(page.status, page.text).toBe(200)
    rows.push(...page.json)
    nextPage = page.headers['elements-next-page-token'] as string | undefined
    if (nextPage === undefined) return rows
  }
}

describe('a bulk download through a script that leaves rows out', () => {
  const half = 'done(transformedObject.title.length % 2 ? { id: transformedObject.id } : null)'
  const keptOf = (rows: readonly Row[]): Row[] =>
    rows.filter(({ Name }) => String(Name).length % 2 === 1).map(({ ID }) => ({ id: ID }))

  it('6.2/8, 10/1, 10/3 counts and pages the rows of its file', async () => {
    await scripted(half, true)
    const all = await stage.bulk.listed('/reports', { where: everybody })
    const wanted = keptOf(all)
    expect(wanted.length).toBeGreaterThan(40)
    expect(all.length).toBeGreaterThan(wanted.length + 20)
    const { id, status, rows } = await download()
    expect(rows).toEqual(wanted)
    expect(status).toMatchObject({ recordsCount: wanted.length, recordCount: wanted.length, infoMessage: '' })
    expect(await paged(id, '7')).toEqual(wanted)
  })

  it('6.2/8, 10/1 has as many rows as its limit says, ordered or not', async () => {
    await scripted(half, true)
    const wanted = keptOf(await stage.bulk.listed('/reports', { where: everybody }))
    const most = wanted.length
    for (const limit of [1, 25, most, most + 1]) {
      const { id, status, rows } = await download({ limit })
      expect(rows).toEqual(wanted.slice(0, limit))
      expect(status.recordsCount).toBe(Math.min(limit, most))
      expect(await paged(id, '10')).toEqual(rows)
    }
    const sorted = keptOf(await stage.bulk.listed('/reports', { where: everybody, orderBy: 'Name desc, ID' }))
    for (const limit of [undefined, 25, most]) {
      const { id, status, rows } = await download({ limit, orderBy: 'title desc, id' })
      expect(rows).toEqual(sorted.slice(0, limit))
      expect(status.recordsCount).toBe(limit ?? most)
      expect(await paged(id, '10')).toEqual(rows)
    }
  })

  it('6.2/8 is an empty file where it leaves out all', async () => {
    await scripted('done(null)', true)
    for (const more of [{}, { limit: 3 }, { orderBy: 'title' }]) {
      const { id, status, rows } = await download(more)
      expect([rows, status.recordsCount, await paged(id, '10')]).toEqual([[], 0, []])
    }
  })
})

describe('a script that fails in a bulk job', () => {
  it.each([{}, { orderBy: 'title, id' }])(
    '6.2/8 is told by a download, whose rows are without it: %j',
    async (more) => {
      await scripted('done(transformedObject)')
      const plain = await download(more)
      expect(plain.status).toMatchObject({ infoMessage: '', statusMessage: '' })
      await scripted("throw new TypeError('not today')")
      const { status, rows } = await download(more)
      expect(rows).toEqual(plain.rows)
      expect(status.infoMessage).toMatch(
        /^script of trips: TypeError: not today \(line 1\)\. (\d+) of \1 records are shown without it; so are some after them$/,
      )
      expect(status.statusMessage).toBe(status.infoMessage)
      expect(status.recordsCount).toBe(plain.rows.length)
    },
  )

  it('6.2/8 is told by a download where it fails for one record', async () => {
    await scripted('done(transformedObject)')
    const { rows: plain } = await download()
    const bad = plain.at(-1)?.['id']
    await scripted(`if (transformedObject.id === '${String(bad)}') throw 'not this'
      transformedObject.seen = true; done(transformedObject)`)
    const { status, rows } = await download()
    expect(rows.filter(({ seen }) => seen !== true).map(({ id }) => id)).toEqual([bad])
    expect(status.infoMessage).toMatch(/not this\. (The record is|1 of \d+ records are) shown without it$/)
  })

  it.each([
    ['create', {}],
    ['upsert', { action: 'upsert', identifierFieldName: 'title' }],
  ] as const)(
    '6.2/8, 10/5 keeps the rows of an upload that it fails for from being sent: %s',
    async (action, metaData) => {
      await scripted(`if (!fromVendor && originalObject.title.startsWith('Bad')) throw 'not this one'
      if (!fromVendor) transformedObject.Name += ' by script'
      done(transformedObject)`)
      const [one, bad, two] = ['Good one', 'Bad one', 'Good two'].map((title) => `${title} ${action}`)
      const made = await stage.bulk.upload('trips', `title\n${one}\n${bad}\n${two}\n`, metaData)
      expect(made.status, made.text).toBe(200)
      const { id } = made.json
      expect(await stage.bulk.ended(id)).toMatchObject({
        ...{ status: 'COMPLETED', recordsCount: 3, recordsFailedCount: 1 },
      })
      expect(await stage.bulk.errors(id)).toEqual([
        expect.objectContaining({
          row: 2,
          message: 'script of trips: not this one. The record is not sent without it.',
          inDoubt: false,
        }),
      ])
      expect((await stage.bulk.call(`/${id}/rejects`)).text).toContain(`${bad},`)
      const there = await stage.bulk.listed('/reports', { where: `Name like '% one ${action}%'` })
      expect(there.map(({ Name }) => Name)).toEqual([`${one} by script`])
    },
  )

  it('6.2/8, 10/5 keeps rows from being updated', async () => {
    const { bulk } = stage
    await scripted('done(transformedObject)')
    await bulk.ended((await bulk.upload('trips', 'title\nKept as it is\n')).json.id)
    const there = () => bulk.listed('/reports', { where: "Name like 'Kept%'" })
    const before = await there()
    expect(before).toHaveLength(1)
    await scripted("throw 'never'")
    const made = await bulk.upload('trips', `id,title\n${before[0].ID},Kept no more\n`, { action: 'update' })
    expect(made.status, made.text).toBe(200)
    expect(await bulk.ended(made.json.id)).toMatchObject({ recordsCount: 1, recordsFailedCount: 1 })
    const [error] = await bulk.errors(made.json.id)
    expect(error.message).toBe('script of trips: never. The record is not sent without it.')
    expect(await there()).toEqual(before)
  })
})
