import { file, type TableCase } from './table-case.ts'

const limit = 1_000
const how = { mostRowBytes: limit }
const tooLarge = { problem: /larger than 1000 bytes/ }
const ab = { a: '1', b: '2' }
const columns = Array.from({ length: 10_000 }, (_, at) => `column ${at + 1}`)
/** `1,…` and `{"a":"…"}` of so many bytes. */
const csvRow = (bytes: number): string => `1,${'x'.repeat(bytes - 2)}`
const jsonRow = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`
const small = { a: 1 }

/** Rows and files that are too large for what is kept, or nearly. */
export const sizeCases: readonly TableCase[] = [
  file('10,000 columns', `${columns.join(',')}\n${columns.map((_, at) => at).join(',')}\n`, {
    rows: [Object.fromEntries(columns.map((name, at) => [name, String(at)]))],
  }),
  file('10,000 columns and a cell too many', `${columns.join(';')}\n${';'.repeat(10_000)}\n`, {
    rows: [{ problem: /10001 cells, but the header 10000/ }],
  }),
  file('as large as a row may be', `a,b\n${csvRow(limit)}\n1,2\n`, {
    how,
    rows: [{ a: '1', b: 'x'.repeat(limit - 2) }, ab],
  }),
  file('a byte too large', `a,b\n${csvRow(limit + 1)}\n1,2\n`, { how, rows: [tooLarge, ab] }),
  file('larger than a row may be by characters of three bytes', `a,b\n1,${'€'.repeat(333)}\n1,2\n`, {
    how,
    rows: [tooLarge, ab],
  }),
  file('many times too large', `a,b\n${csvRow(300_000)}\n1,2\n`, { how, rows: [tooLarge, ab] }),
  file('too large at the end', `a,b\n1,2\n${csvRow(300_000)}`, { how, rows: [ab, tooLarge] }),
  file('too large with line ends in quotes', `a,b\n1,"${'x\n"",'.repeat(60_000)}"\r\n1,2\n`, {
    how,
    rows: [tooLarge, ab],
  }),
  file('too large with text after a closing quote', `a,b\n"x"${'x,"'.repeat(60_000)}\n1,2\n`, {
    how,
    rows: [tooLarge, ab],
  }),
  file('a quote that is not closed for long', `a,b\n"1,2\n${'1,2\n'.repeat(60_000)}"1",2\n1,2\n`, {
    how,
    rows: [{ problem: /a quote in it is never closed/ }, ab],
  }),
  file('a quote that is never closed, for long', `a,b\n1,2\n"1,2\n${'1,2\n'.repeat(60_000)}`, {
    how,
    rows: [ab, tooLarge],
  }),
  file('a header that is too large', `a,${'x'.repeat(300_000)}\n1,2\n`, {
    how,
    refused: /header, is larger than 1000/,
  }),
  file('one line and nothing else, too large', 'x'.repeat(300_000), {
    how,
    refused: /header, is larger than 1000/,
  }),
  file('a header of 4 MB', `${'x'.repeat(4 * 2 ** 20 + 1)}\n1,2\n`, { refused: /larger than 4194304 bytes/ }),
  file('200,000 blank lines', `a,b\n${'\r\n'.repeat(200_000)}1,2`, { how, rows: [ab] }),
  file('an element as large as may be', `[${jsonRow(limit)},{"a":1}]`, {
    how,
    rows: [{ a: 'x'.repeat(limit - 8) }, small],
  }),
  file('an element that is a byte too large', `[${jsonRow(limit + 1)},{"a":1}]`, {
    how,
    rows: [tooLarge, small],
  }),
  file('an element many times too large', `[{"a":1},${jsonRow(300_000)},{"a":1}]`, {
    how,
    rows: [small, tooLarge, small],
  }),
  file(
    'an element too large with what might end it in texts',
    `[{"a":"${'],{\\"'.repeat(60_000)}"},{"a":1}]`,
    {
      how,
      rows: [tooLarge, small],
    },
  ),
  file('a line as large as may be', `${jsonRow(limit)}\n{"a":1}`, {
    how,
    rows: [{ a: 'x'.repeat(limit - 8) }, small],
  }),
  file('a line that is a byte too large', `${jsonRow(limit + 1)}\n{"a":1}`, { how, rows: [tooLarge, small] }),
  file('a line many times too large', `{"a":1}\n${jsonRow(300_000)}\n{"a":1}`, {
    how,
    rows: [small, tooLarge, small],
  }),
  file('a first line many times too large', `${jsonRow(300_000)}\n{"a":1}`, { how, rows: [tooLarge, small] }),
  file('an object many times too large', `{\n"a":1}\n{"b":\n[${'1,'.repeat(100_000)}1]}\n{"a":1}`, {
    how,
    rows: [small, tooLarge, small],
  }),
  file('an array that is not closed and too large', `[{"a":1},{"a":[${'1,'.repeat(100_000)}`, {
    how,
    rows: [small],
    refused: /ends inside row 2/,
  }),
]
