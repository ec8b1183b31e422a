import { describe, expect, it } from 'vitest'
import { type BulkStage, linesOf, onBulk } from '../support/bulk.ts'
import type { Connected } from '../support/grants.ts'
import type { Controls } from '../support/sandbox.ts'

let instance: Connected
let bulk: BulkStage['bulk']
let sandbox: Controls

onBulk((stage) => {
  ;({ instance, bulk, sandbox } = stage)
})

/** Reads CSV without line ends in cells. */
const cellsOf = (text: string) => {
  const [head = '', ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  return { head, rows }
}

describe('a bulk download', () => {
  it('10/1 answers CREATED at once, and reads what the listing has, one JSON object a line', async () => {
    const made = await bulk.call('/query', { method: 'POST', query: { q: 'select * from reports' } })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toEqual({
      id: expect.stringMatching(/^\d+$/),
      status: 'CREATED',
      instanceId: instance.id,
    })
    const ended = await bulk.ended(made.json.id)
    const rows = await bulk.listed('/reports')
    expect(ended).toMatchObject({ status: 'COMPLETED', recordsCount: rows.length, recordsFailedCount: 0 })
    const file = await bulk.file(made.json.id, 'reports', 'application/json')
    expect(file.headers['content-type']).toContain('application/json')
    expect(linesOf(file.text)).toEqual(rows)
  })

  it('10/1 takes an empty body, from, a where beside the query, and limit before where', async () => {
    const rows = (await bulk.listed('/reports')) as { LastModifiedDate: string; Total: number }[]
    const moment =
      rows.map(({ LastModifiedDate }) => LastModifiedDate).sort()[Math.floor(rows.length / 2)] ?? ''
    const from = new Date(`${moment}Z`).toISOString()
    const wanted = (await bulk.listed('/reports', {
      where: `LastModifiedDate >= '${from}' and Total > 50`,
    })) as unknown[]
    const id = await bulk.query('select * from reports', { from, where: 'Total > 50' })
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: wanted.length })
    expect(linesOf((await bulk.file(id, 'reports', 'application/json')).text)).toEqual(wanted)

    const few = await bulk.query('select ID, Total from reports limit 3 where Total > 50')
    expect(await bulk.ended(few)).toMatchObject({ status: 'COMPLETED', recordsCount: 3 })
    const first = (await bulk.listed('/reports', { where: 'Total > 50', fields: 'ID,Total' })).slice(0, 3)
    expect(linesOf((await bulk.file(few, 'reports', 'application/json')).text)).toEqual(first)
  })

  it('10/1 refuses an object that cannot be listed, with the reason', async () => {
    const refused = await bulk.call('/query', {
      method: 'POST',
      query: { q: 'select * from quick-expenses' },
    })
    expect(refused.status).toBe(400)
    expect(refused.json.message).toContain('Bulk download is not enabled')
    for (const [q, words] of [
      ['', 'q: missing'],
      ['select * from', 'the name of an object'],
      ['select Nothing from reports', 'Nothing'],
      ['select * from reports where Nothing = 1', 'Nothing'],
      ['select * from reports order by Nothing', 'Nothing'],
    ] as const) {
      const wrong = await bulk.call('/query', { method: 'POST', query: { q } })
      expect([q, wrong.status]).toEqual([q, 400])
      expect(wrong.json.message).toContain(words)
    }
    expect(
      (await bulk.call('/query', { method: 'POST', query: { q: 'select * from nowhere' } })).status,
    ).toBe(404)
  })

  it('10/2 tells the status, with counts that are numbers and how fast it goes', async () => {
    const id = await bulk.query('select * from reports')
    const ended = await bulk.ended(id)
    expect(ended).toMatchObject({
      ...{ id, status: 'COMPLETED', jobStatus: 'COMPLETED', instanceId: instance.id, object_name: 'reports' },
      ...{
        job_direction: 'DOWNLOAD',
        recordsFailedCount: 0,
        recordsCount: expect.any(Number),
        infoMessage: '',
      },
      ...{ bulk_start_time: expect.stringMatching(/Z$/), bulk_finish_time: expect.stringMatching(/Z$/) },
      ...{ vendorJobId: '', fileSize: expect.stringMatching(/^\d+$/), recordsPerSecond: expect.any(Number) },
    })
    expect((await bulk.call('/999999/status')).status).toBe(404)
    expect((await bulk.call('/abc/status')).status).toBe(404)
    expect((await bulk.call(`/${id}/status`, { query: { wait: '61' } })).json.message).toContain('wait:')
  })

  it('10/3 gives CSV with a heading and dotted columns, and a single row as one object', async () => {
    const id = await bulk.query('select ID, Name, Total, OwnerName, Custom1 from reports limit 5')
    await bulk.ended(id)
    const file = await bulk.file(id, 'reports', 'text/csv')
    expect(file.headers['content-type']).toBe('text/csv')
    const { head, rows } = cellsOf(file.text)
    expect(head.slice(0, 3)).toEqual(['ID', 'Name', 'Total'])
    expect(rows).toHaveLength(5)
    const expenses = await bulk.query('select * from expenses limit 20')
    await bulk.ended(expenses)
    const csv = await bulk.file(expenses, 'expenses', 'text/csv')
    expect(csv.text.split('\n')[0]).toMatch(/\w\.\w/)
    const one = await bulk.query('select * from reports limit 1')
    await bulk.ended(one)
    const single = await bulk.file(one, 'reports', 'application/json')
    expect(JSON.parse(single.text)).toMatchObject({ ID: expect.any(String) })
    const asked = await bulk.call(`/${one}/reports`, {
      headers: { accept: 'application/json' },
      query: { json: '{"convertToNativeType":"false"}' },
    })
    expect(asked.text).toBe(single.text)
    expect((await bulk.file(one, 'reports', 'image/png')).status).toBe(406)
    expect((await bulk.file(one, 'expenses', 'text/csv')).status).toBe(404)
  })

  it('10/6 is cancelled at once, however slow its vendor is, and goes on where it stood', async () => {
    await sandbox.faults({ fault: 'slow', value: 1_500, operation: 'reports.list' })
    const id = await bulk.query('select * from reports')
    await bulk.untilRunning(id)
    const since = Date.now()
    const cancelled = await bulk.call(`/${id}/cancel`, { method: 'PUT' })
    expect([cancelled.status, cancelled.json.status]).toEqual([200, 'CANCELLED'])
    expect((await bulk.status(id)).status).toBe('CANCELLED')
    expect(Date.now() - since).toBeLessThan(3_000)
    await sandbox.faults()
    const resumed = await bulk.call(`/${id}/resume`, { method: 'PUT' })
    expect(resumed.json.status).toBe('RUNNING')
    const rows = await bulk.listed('/reports')
    expect(await bulk.ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: rows.length })
    expect(linesOf((await bulk.file(id, 'reports', 'application/json')).text)).toEqual(rows)
    expect((await bulk.call(`/${id}/cancel`, { method: 'PUT' })).json.status).toBe('COMPLETED')
    expect((await bulk.call(`/${id}/resume`, { method: 'PUT' })).status).toBe(409)
  })

  it('sorts however many there are, then cuts to limit and fields', async () => {
    const sorted = await bulk.listed('/reports', { orderBy: 'Total desc, ID asc', fields: 'ID,Name' })
    const id = await bulk.query('select ID, Name from reports order by Total desc, ID limit 7')
    expect(await bulk.ended(id)).toMatchObject({ status: 'COMPLETED', recordsCount: 7 })
    expect(linesOf((await bulk.file(id, 'reports', 'application/json')).text)).toEqual(sorted.slice(0, 7))
  })

  it('pages its records, each once', async () => {
    const id = await bulk.query('select ID from reports')
    const { recordsCount } = await bulk.ended(id)
    const found: string[] = []
    let nextPage: string | undefined
    do {
      const page = await bulk.call(`/${id}/reports/data`, {
        query: { pageSize: '17', ...(nextPage ? { nextPage } : {}) },
      })
      expect(page.status, page.text).toBe(200)
      expect(page.headers['elements-returned-count']).toBe(String(page.json.length))
      found.push(...page.json.map(({ ID }: { ID: string }) => ID))
      nextPage = page.headers['elements-next-page-token'] as string | undefined
    } while (nextPage !== undefined)
    expect(found).toEqual((await bulk.listed('/reports')).map((row) => (row as { ID: string }).ID))
    expect(found).toHaveLength(recordsCount)
  })
})
