import { AppError } from '../errors.ts'
import type { TableEncoding } from './table-row.ts'

interface Mark {
  readonly encoding: TableEncoding
  /** Bytes of the byte order mark. */
  readonly length: number
}

const marks: readonly (readonly [hex: string, encoding: TableEncoding])[] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
]

/** Files that people send for tables, by their first bytes. */
const others: readonly (readonly [hex: string, name: string, mend: string])[] = [
  ['fffe0000', 'text in UTF-32', 'Save it as UTF-8'],
  ['0000feff', 'text in UTF-32', 'Save it as UTF-8'],
  ['504b0304', 'a ZIP file or an Excel workbook (.xlsx)', 'Unpack it, or save the sheet as CSV UTF-8'],
  ['504b0506', 'a ZIP file', 'Unpack it'],
  ['d0cf11e0', 'an old Excel workbook (.xls)', 'Save the sheet as CSV UTF-8'],
  ['25504446', 'a PDF file', 'Send CSV or JSON'],
  ['1f8b', 'compressed by gzip twice', 'Compress it once'],
  ['28b52ffd', 'compressed by zstd', 'Compress it by gzip, or not at all'],
  ['425a68', 'compressed by bzip2', 'Compress it by gzip, or not at all'],
  ['fd377a58', 'compressed by xz', 'Compress it by gzip, or not at all'],
  ['377abcaf', 'a 7-Zip file', 'Unpack it'],
  ['89504e47', 'a picture (PNG)', 'Send CSV or JSON'],
  ['ffd8ff', 'a picture (JPEG)', 'Send CSV or JSON'],
]

/**
 * What the first bytes of a file say about its encoding; `ascii` without a byte order mark.
 * @throws AppError `bad-request` for an empty file and for files that are no text.
 */
export const sniff = (first: Buffer): Mark => {
  if (first.length === 0) throw new AppError('bad-request', 'file: it is empty. Send a header and rows.')
  const start = first.toString('hex', 0, 8)
  const other = others.find(([hex]) => start.startsWith(hex))
  if (other !== undefined) {
    throw new AppError('bad-request', `file: it is no table, but ${other[1]}. ${other[2]}.`)
  }
  if (first.subarray(0, 2).includes(0)) {
    const why = 'a NUL is among its first two bytes: it is no text, or UTF-16 without its byte order mark'
    throw new AppError('bad-request', `file: ${why}. Save it as UTF-8.`)
  }
  const mark = marks.find(([hex]) => start.startsWith(hex))
  return mark === undefined
    ? { encoding: 'ascii', length: 0 }
    : { encoding: mark[1], length: mark[0].length / 2 }
}
