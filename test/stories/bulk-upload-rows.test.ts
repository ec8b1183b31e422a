import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openUploads, type Uploads } from '../support/uploads.ts'

let uploads: Uploads

beforeAll(async () => {
  uploads = await openUploads()
})
afterAll(() => uploads?.close())
beforeEach(() => uploads.sandbox.reset())

const long = `Far too long ${'for the name of a report '.repeat(11)}`.trim()

describe('10/5 types of an uploaded row', () => {
  const expense = {
    ReportID: '4F0A77',
    ExpenseTypeCode: 'TAXIX',
    PaymentTypeID: 'pt$01',
    TransactionDate: '2021-03-04',
    TransactionCurrencyCode: 'EUR',
  }
  const columns = Object.keys(expense).join(',')
  const cells = Object.values(expense).join(',')

  const expensesOf = async (vendor: string) => {
    const { json, status, text } = await uploads.instance.call('/expenses', {
      query: { where: `reportID = '4F0A77'`, pageSize: '500' },
    })
    expect(status, text).toBe(200)
    return json.filter(
      ({ VendorDescription }: { VendorDescription?: string }) => VendorDescription === vendor,
    )
  }

  it('texts of a CSV file become numbers, booleans and objects as the fields of the object say', async () => {
    const { bulk, make } = uploads
    const file = `${columns},TransactionAmount,IsBillable,VendorDescription,Custom2.Code,IsPersonal
${cells},37.50,TRUE,Cell Cabs,A-1,no
${cells}, 12 ,0,Cell Cabs,, 
`
    const id = await make(file, {}, 'expenses')
    expect(await bulk.ended(id), JSON.stringify(await bulk.errors(id))).toMatchObject({
      recordsCount: 2,
      recordsFailedCount: 0,
    })
    const found = await expensesOf('Cell Cabs')
    expect(found).toHaveLength(2)
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ TransactionAmount: 37.5, IsBillable: true },
          Custom2: expect.objectContaining({ Value: 'A-1' }),
        }),
        expect.objectContaining({ TransactionAmount: 12, IsBillable: false }),
      ]),
    )
  })

  it('a cell that is not what its field takes is an error of the row that names the column; nothing is sent', async () => {
    const { bulk, make, sandbox } = uploads
    const file = `${columns},TransactionAmount,IsBillable
${cells},37 EUR,true
${cells},"1,234.50",true
${cells},12345678901234567890,true
${cells},1,perhaps
`
    const { operations } = await sandbox.during(async () => {
      const id = await make(file, {}, 'expenses')
      expect(await bulk.ended(id)).toMatchObject({ recordsCount: 4, recordsFailedCount: 4 })
      expect(await bulk.errors(id)).toEqual([
        {
          row: 1,
          column: 'TransactionAmount',
          inDoubt: false,
          message: expect.stringContaining("'37 EUR' is no number"),
        },
        {
          row: 2,
          column: 'TransactionAmount',
          inDoubt: false,
          message: expect.stringContaining('is no number'),
        },
        {
          row: 3,
          column: 'TransactionAmount',
          inDoubt: false,
          message: expect.stringContaining('more digits'),
        },
        {
          row: 4,
          column: 'IsBillable',
          inDoubt: false,
          message: expect.stringContaining('neither true nor false'),
        },
      ])
    })
    expect(operations).toEqual({})
  })

  it('rows of JSON keep their types; a text for a number is read', async () => {
    const { bulk, make } = uploads
    const rows = [
      { ...expense, TransactionAmount: '5.25', VendorDescription: 'Json Cabs', IsBillable: true },
      { ...expense, TransactionAmount: 6, VendorDescription: 'Json Cabs', Custom2: { Code: 'A-1' } },
    ]
    const id = await make(JSON.stringify(rows), {}, 'expenses')
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 2, recordsFailedCount: 0 })
    const found = await expensesOf('Json Cabs')
    expect(found.map((row: Record<string, unknown>) => row['TransactionAmount']).toSorted()).toEqual([
      5.25, 6,
    ])
  })

  it('removes rows with action delete; one that is not there is an error of the row', async () => {
    const { bulk, make } = uploads
    await bulk.ended(
      await make(
        `${columns},TransactionAmount,VendorDescription\n${cells},1,Gone\n${cells},2,Gone\n`,
        {},
        'expenses',
      ),
    )
    const ids = (await expensesOf('Gone')).map(({ ID }: { ID: string }) => ID)
    expect(ids).toHaveLength(2)
    const id = await make(`ID\n${ids[0]}\nno-such\n${ids[1]}\n`, { action: 'delete' }, 'expenses')
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 3, recordsFailedCount: 1 })
    expect(await bulk.errors(id)).toMatchObject([{ row: 2, status: 404 }])
    expect(await expensesOf('Gone')).toEqual([])
  })
})

describe('10/4 errors of rows', () => {
  it("have the row's number, the column and the vendor's own words", async () => {
    const { bulk, make, names } = uploads
    const file = `Name,Comment\nWords 000,a\n${long},b\n,c\n"Words 001","d\nover lines"\nWords 002,e,too many\n`
    const id = await make(file)
    expect(await bulk.ended(id)).toMatchObject({
      status: 'COMPLETED',
      recordsCount: 5,
      recordsFailedCount: 3,
    })
    expect(await bulk.errors(id)).toEqual([
      {
        row: 2,
        column: 'Name',
        status: 400,
        message: expect.stringContaining('Name is longer than 250 characters'),
        providerMessage: 'Name is longer than 250 characters',
        inDoubt: false,
      },
      {
        row: 3,
        status: 400,
        message: expect.any(String),
        providerMessage: 'Name is required',
        inDoubt: false,
      },
      { row: 5, message: expect.stringContaining('the row has 3 cells, but the header 2'), inDoubt: false },
    ])
    expect(await names('Words')).toEqual(['Words 000', 'Words 001'])
  })

  it('a row over 4 MB is an error of the row, and the rows around it are taken', async () => {
    const { bulk, make, names } = uploads
    const file = `${JSON.stringify({ Name: 'Big 000' })}\n${JSON.stringify({ Name: 'Big 001', Comment: 'x'.repeat(5_000_000) })}\n${JSON.stringify({ Name: 'Big 002' })}\n`
    const id = await make(file)
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 3, recordsFailedCount: 1 })
    expect(await bulk.errors(id)).toMatchObject([
      { row: 2, message: expect.stringContaining('larger than 4194304 bytes') },
    ])
    expect(await names('Big')).toEqual(['Big 000', 'Big 002'])
  })

  it('a file that cannot be read further ends the job as ABORTED, the rows before done', async () => {
    const { bulk, make, names } = uploads
    const rows = Array.from({ length: 9 }, (_, at) => JSON.stringify({ Name: `Broken 00${at}` }))
    const ended = await bulk.ended(await make(`[${rows.join(',')},`))
    expect(ended).toMatchObject({ status: 'ABORTED', recordsCount: 9, recordsFailedCount: 0 })
    expect(ended.infoMessage).toMatch(/^file: /)
    expect(await names('Broken')).toHaveLength(9)
  })
})

describe('GET /bulk/{id}/rejects', () => {
  it('gives the rows of a CSV file that failed, with the reason; mended and sent again they succeed', async () => {
    const { bulk, make, names } = uploads
    const id = await make(`Name;Comment\nRej 000;ok\n${long};"two; ""cells"""\nRej 001;ok\n${long} too;b\n`)
    expect(await bulk.ended(id)).toMatchObject({ recordsCount: 4, recordsFailedCount: 2 })
    const file = await bulk.call(`/${id}/rejects`)
    expect([file.status, file.headers['content-type']]).toEqual([200, 'text/csv'])
    const lines = file.text.trim().split('\n')
    expect(lines[0]).toBe('Name;Comment;Elements-Error')
    expect(lines[1]).toContain(`${long};"two; ""cells""";`)
    expect(lines[1]).toContain('Row 2, Name: ')
    expect(lines).toHaveLength(3)
    const again = await make(file.text.replaceAll(long, 'Rej mended'))
    expect(await bulk.ended(again)).toMatchObject({ recordsCount: 2, recordsFailedCount: 0, infoMessage: '' })
    expect(await names('Rej')).toEqual(['Rej 000', 'Rej 001', 'Rej mended', 'Rej mended too'])
    expect((await bulk.call(`/${again}/rejects`)).text).toBe('Name;Comment;Elements-Error\n')
  })

  it('gives rows of JSON as lines of JSON, with the reason in a field more', async () => {
    const { bulk, make } = uploads
    const id = await make(JSON.stringify([{ Name: 'Rejson' }, { Name: long, Comment: 'b' }]))
    await bulk.ended(id)
    const file = await bulk.call(`/${id}/rejects`)
    expect(file.headers['content-type']).toBe('application/jsonl')
    expect(JSON.parse(file.text)).toEqual({
      Name: long,
      Comment: 'b',
      'Elements-Error': expect.stringMatching(/^Row 2, Name: .*longer than 250/),
    })
    const again = await make(file.text.replace(long, 'Rejson mended'))
    expect(await bulk.ended(again)).toMatchObject({ recordsCount: 1, recordsFailedCount: 0 })
  })

  it('is 400 for a download and 404 for a job of nobody', async () => {
    const { bulk } = uploads
    const id = await bulk.query('select * from reports limit 1')
    await bulk.ended(id)
    expect((await bulk.call(`/${id}/rejects`)).status).toBe(400)
    expect((await bulk.call('/999999/rejects')).status).toBe(404)
  })
})
