import { expect, test } from 'vitest'
import { readBatches, readRows } from '../../../test/support/table-file.ts'
import { flattenRecord } from './flatten-record.ts'
import { printCsvRow } from './print-csv-row.ts'
import { unflattenRecord } from './unflatten-record.ts'

test('rows are read with quotes, line ends in cells, blank lines, short rows and long ones', async () => {
  const rows = await readRows('id,name\r\n1,"a ""b"", \r\nc"\r\n\r\n2,é\n3\n4,5,6\n"7', {}, 3)
  expect(rows).toEqual([
    { row: 1, record: { id: '1', name: 'a "b", \r\nc' } },
    { row: 2, record: { id: '2', name: 'é' } },
    { row: 3, record: { id: '3' } },
    { row: 4, problem: expect.stringContaining('3 cells, but the header 2') },
    { row: 5, column: 'id', problem: expect.stringContaining('never closed') },
  ])
})

test('reading from where a batch ended gives exactly the rest', async () => {
  const file = Buffer.from('\ufeffid;name\nä;1\n"é\n""";2\n\n3;4;5\n6\n"x;y";€')
  const batches = await readBatches(file, { batchRows: 1 })
  const rows = batches.flatMap((batch) => batch.rows)
  expect(rows).toHaveLength(5)
  for (const [index, { next }] of batches.entries()) {
    const position = JSON.parse(JSON.stringify(next))
    expect(await readRows(file, { position })).toEqual(rows.slice(index + 1))
  }
})

test('what is written by columns reads back as the record it was', async () => {
  const record = { ID: '1', Owner: { Name: 'A, "B"', Place: { City: 'Köln\n' } }, Odd: ' x' }
  const cells = flattenRecord(record)
  expect(Object.keys(cells)).toEqual(['ID', 'Owner.Name', 'Owner.Place.City', 'Odd'])
  const file = printCsvRow(Object.keys(cells)) + printCsvRow(Object.values(cells))
  const [row] = await readRows(file)
  if (row === undefined || !('record' in row)) throw new Error('no row')
  expect(unflattenRecord(row.record)).toEqual({ record })
})
