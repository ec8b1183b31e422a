import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formOf } from '../support/bulk.ts'
import { namesOf, openUploads, reportsCsv, type Uploads } from '../support/uploads.ts'

let uploads: Uploads

beforeAll(async () => {
  uploads = await openUploads({ tap: true })
})
afterAll(() => uploads?.close())
beforeEach(() => uploads.sandbox.reset())

const done = (rows: number, failed = 0) => ({
  status: 'COMPLETED',
  recordsCount: rows,
  recordsFailedCount: failed,
})

describe('10/5 POST /bulk/{object} with a file', () => {
  it('answers CREATED, and makes a row of the vendor of each row of a CSV file', async () => {
    const { bulk, instance, names } = uploads
    const made = await bulk.upload('reports', reportsCsv('Csv', 23), { bulkUploadRecordSize: 10 })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toEqual({
      id: expect.stringMatching(/^\d+$/),
      status: 'CREATED',
      instanceId: instance.id,
    })
    const ended = await bulk.ended(made.json.id)
    expect(ended).toMatchObject({
      ...done(23),
      job_direction: 'UPLOAD',
      object_name: 'reports',
      fileFormat: 'csv',
    })
    expect(ended.recordsExpected).toBe(23)
    expect(Number(ended.fileSize)).toBe(Buffer.byteLength(reportsCsv('Csv', 23)))
    expect(await names('Csv')).toEqual(namesOf('Csv', 23))
  })

  it('asks the vendor once a row, and reads nothing back', async () => {
    const { sandbox, bulk, make } = uploads
    const { operations } = await sandbox.during(async () => {
      await bulk.ended(await make(reportsCsv('Once', 11)))
    })
    expect(operations).toEqual({ 'reports.create': 11 })
  })

  const rows = namesOf('Form', 3).map((Name) => ({ Name }))
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'a JSON array': JSON.stringify(rows),
    'JSON lines': rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    'one JSON object': JSON.stringify({ Name: 'Form 000' }, null, 2),
    gzip: gzipSync(reportsCsv('Form', 3)),
    'a byte order mark, CRLF and semicolons': `\ufeffName;Comment\r\n"Form; 000";"two\r\nlines"\r\nForm 001\r\n`,
    'UTF-16': Buffer.from(`\ufeff${reportsCsv('Form', 2)}`, 'utf16le'),
  }
  it.each(Object.keys(files))('takes %s', async (kind) => {
    const { bulk, make, reports } = uploads
    const before = (await reports('Form')).length
    const ended = await bulk.ended(await make(files[kind] ?? ''))
    expect(ended).toMatchObject({ status: 'COMPLETED', recordsFailedCount: 0 })
    expect(ended.recordsCount).toBeGreaterThan(0)
    expect((await reports('Form')).length - before).toBe(ended.recordsCount)
  })

  it('takes metaData before the file, and the file as the body', async () => {
    const { bulk, names } = uploads
    const form = formOf(
      'Name|Comment\nBar 000|a\n',
      { delimiter: '|', concurrency: 'serial', listId: 'x' },
      true,
    )
    const headers = { 'content-type': form.type }
    const sent = [
      await bulk.call('/reports', { method: 'POST', headers, bytes: form.bytes }),
      await bulk.call('/reports', {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        bytes: Buffer.from('Name\nBar 001\n'),
      }),
      await bulk.call('/reports', { method: 'POST', body: [{ Name: 'Bar 002' }] }),
    ]
    for (const { status, text, json } of sent) {
      expect(status, text).toBe(200)
      expect(await bulk.ended(json.id)).toMatchObject(done(1))
    }
    expect(await names('Bar')).toEqual(namesOf('Bar', 3))
  })

  it('ends at once where the file has a header alone', async () => {
    const { bulk, make } = uploads
    expect(await bulk.ended(await make('Name,Comment\n'))).toMatchObject(done(0))
  })

  it('keeps the order of rows with concurrency serial', async () => {
    const { bulk, make, product } = uploads
    await bulk.ended(await make(reportsCsv('Serial', 9), { concurrency: 'serial' }))
    const sent = (product.tap?.requests ?? []).flatMap(({ method, body }) => {
      const text = method === 'POST' ? body.toString() : ''
      return text.includes('"Serial ') ? [JSON.parse(text).Name] : []
    })
    expect(sent).toEqual(namesOf('Serial', 9))
  })

  it('changes rows by their key with action upsert, and makes those without one', async () => {
    const { bulk, make, reports, names, sandbox } = uploads
    await bulk.ended(await make(reportsCsv('Key', 2)))
    const [first, second] = await reports('Key')
    const file = `ID,Name,LastModifiedDate\n${first?.ID},Key changed,2026-01-01T00:00:00\n,Key new,\n`
    const { operations } = await sandbox.during(async () => {
      const id = await make(file, { primaryKeyName: 'ID', action: 'upsert', bulkUploadRecordSize: 50 })
      const ended = await bulk.ended(id)
      expect(ended).toMatchObject(done(2))
      expect(ended.infoMessage).toBe('ignored: LastModifiedDate')
    })
    expect(operations).toEqual({ 'reports.create': 1, 'reports.update': 1 })
    expect(await names('Key')).toEqual(['Key changed', 'Key new', second?.Name].toSorted())
  })

  it('finds rows by another field with identifierFieldName; two that have it are an error of the row', async () => {
    const { bulk, make, reports } = uploads
    await bulk.ended(await make('Name,Comment\nUp 000,old\nUp twice,old\nUp twice,old\n'))
    const file = 'Name,Comment\nUp 000,new\nUp 001,new\nUp 001,newer\nUp twice,new\n'
    const id = await make(file, { identifierFieldName: 'Name' })
    expect(await bulk.ended(id)).toMatchObject(done(4, 1))
    expect(await bulk.errors(id)).toMatchObject([
      {
        row: 4,
        column: 'Name',
        message: expect.stringContaining("more than one row of reports has 'Up twice'"),
      },
    ])
    const found = (await reports('Up')).map(({ Name, LastComment }) => `${Name}: ${LastComment}`)
    expect(found.toSorted()).toEqual(['Up 000: new', 'Up 001: newer', 'Up twice: old', 'Up twice: old'])
  })

  it('only changes with action update', async () => {
    const { bulk, make } = uploads
    const asked = { identifierFieldName: 'Name', action: 'update' }
    const id = await make('Name,Comment\nNobody has this,x\n,y\n', asked)
    expect(await bulk.ended(id)).toMatchObject(done(2, 2))
    expect((await bulk.errors(id)).map(({ message }) => message)).toEqual([
      "Name: no row of reports has 'Nobody has this'.",
      'Name: it is empty, so it tells no row to update.',
    ])
  })
})

describe('10/5 an upload that is not enabled, or asked for wrongly', () => {
  const refusals: Readonly<
    Record<string, readonly [object: string, file: string, metaData: object, words: RegExp]>
  > = {
    'a resource that is only read': [
      'locations',
      'Name\nx\n',
      {},
      /Bulk upload is not enabled for locations/,
    ],
    'an action that the resource has not': [
      'reports',
      'ID\nx\n',
      { action: 'delete' },
      /not enabled for reports: it cannot be removed/,
    ],
    'an unknown action': [
      'reports',
      'ID\nx\n',
      { action: 'merge' },
      /metaData.action: create, update, upsert, delete, not 'merge'/,
    ],
    'an unknown identifier': [
      'reports',
      'ID\nx\n',
      { identifierFieldName: 'Nmae' },
      /metaData.identifierFieldName: .*Name/,
    ],
    'two identifiers': [
      'reports',
      'ID\nx\n',
      { identifierFieldName: 'Name', primaryKeyName: 'ID' },
      /Send one of them/,
    ],
    'a wrong concurrency': ['reports', 'ID\nx\n', { concurrency: 'lots' }, /metaData.concurrency/],
    'a wrong format': ['reports', 'ID\nx\n', { format: 'xlsx' }, /metaData.format/],
    'a file that is no table': ['reports', 'a,,b\n1,2,3\n', {}, /column 2 of the header has no name/],
    'a damaged gzip': ['reports', '\u001f\u008bnonsense', {}, /file: /],
  }
  it.each(Object.keys(refusals))('answers 400 to %s, and keeps no file', async (what) => {
    const { bulk, product, db } = uploads
    const [object, file, metaData, words] = refusals[what] ?? ['', '', {}, /x/]
    const bytes = what === 'a damaged gzip' ? gzipSync('Name\nx\n').subarray(0, 12) : file
    const before = await db.query({ text: 'select 1 from bulk_jobs', values: [] })
    const stored = (): Promise<string[]> => readdir(join(product.config.dataDir, 'bulk/2'))
    const folders = await stored()
    const { status, json } = await bulk.upload(object, bytes, metaData)
    expect([status, json.message]).toEqual([400, expect.stringMatching(words)])
    expect(await db.query({ text: 'select 1 from bulk_jobs', values: [] })).toHaveLength(before.length)
    expect(await stored()).toEqual(folders)
  })

  it('answers 400 to a form without a file, and to nothing at all', async () => {
    const { bulk } = uploads
    const form = formOf('Name\nx\n')
    const bytes = Buffer.from(form.bytes.toString().replace('name="file"', 'name="data"'))
    const headers = { 'content-type': form.type }
    expect((await bulk.call('/reports', { method: 'POST', headers, bytes })).status).toBe(400)
    const { status, json } = await bulk.call('/reports', { method: 'POST' })
    expect([status, json.message]).toEqual([400, expect.stringMatching(/^file: missing/)])
  })
})

describe('10/4 GET /bulk/{id}/errors', () => {
  it('tells of each of 37 rows to an unknown object, in pages of 30 and 7; the job is COMPLETED', async () => {
    const { bulk, make } = uploads
    const id = await make(reportsCsv('None', 37), {}, 'no-such-object')
    expect(await bulk.ended(id)).toMatchObject(done(37, 37))
    const first = await bulk.call(`/${id}/errors`, { query: { pageSize: '30' } })
    expect([first.status, first.json.length, first.headers['elements-returned-count']]).toEqual([
      200,
      30,
      '30',
    ])
    const nextPage = String(first.headers['elements-next-page-token'])
    const second = await bulk.call(`/${id}/errors`, { query: { pageSize: '30', nextPage } })
    expect([second.json.length, second.headers['elements-next-page-token']]).toEqual([7, undefined])
    expect(second.json.at(-1)).toMatchObject({
      row: 37,
      message: expect.stringContaining("no resource 'no-such-object'"),
      inDoubt: false,
    })
  })
})
