import { type Goal, table } from '../goal.ts'
import type { CsvFindings } from './csv.ts'
import type { Reader, Reading } from './order.ts'

const readingOf = ({ readings }: CsvFindings, reader: Reader): Reading => {
  const found = readings.find((one) => one.reader === reader)
  if (found === undefined) throw new Error(`${reader} has not read`)
  return found
}

const ratio = (found: CsvFindings, reader: Reader): number =>
  readingOf(found, 'csv-parse').cpuSeconds / readingOf(found, reader).cpuSeconds

/** What a run must keep to (issue "Bulk: millions of rows in and out"). */
export const csvGoals = (found: CsvFindings): readonly Goal[] => [
  {
    what: 'CSV to nested records, speed by CPU',
    is: ratio(found, 'nested records'),
    limit: 1,
    lowest: true,
    unit: 'x csv-parse',
  },
  {
    what: 'CSV to rows mapped by a resource, speed by CPU',
    is: ratio(found, 'mapped rows'),
    limit: 1,
    lowest: true,
    unit: 'x csv-parse',
  },
  {
    what: 'CSV to nested records, highest resident memory',
    is: readingOf(found, 'nested records').peakMb,
    limit: 150,
    unit: 'MB',
  },
]

const titles: Readonly<Record<Reader, string>> = {
  'csv-parse': 'csv-parse to objects',
  records: 'Amalgam to records',
  'nested records': 'Amalgam to records with nested objects',
  'mapped rows': 'Amalgam to rows mapped by a resource',
}

/** The findings as Markdown. */
export const csvTable = (found: CsvFindings): string => {
  const rows = found.readings.map(({ reader, rows: count, seconds, cpuSeconds, peakMb }) => [
    titles[reader],
    ((cpuSeconds * 1e6) / count).toFixed(2),
    ratio(found, reader).toFixed(2),
    Math.round(count / seconds).toLocaleString('en'),
    peakMb.toFixed(0),
  ])
  return `### Reading CSV

${found.rounds} rounds of ${found.rows.toLocaleString('en')} rows of twelve columns (${found.fileMb.toFixed(0)} MB, quotes in one row of twenty), each reader in a
process of its own.

${table(['', 'CPU µs/row', 'x csv-parse', 'rows/s', 'peak MB'], rows)}`
}
