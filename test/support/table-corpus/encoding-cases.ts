import { bytesFile, file, type TableCase } from './table-case.ts'

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
const utf16be = (text: string): Buffer => utf16(text).swap16()
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

const text = 'id;näme\r\n1;"Žižek, ""€""\r\n😀"\r\n2;漢字\r\n'
const rows = [
  { id: '1', näme: 'Žižek, "€"\r\n😀' },
  { id: '2', näme: '漢字' },
]
const noText = /no text/

/** Encodings, byte order marks, spoiled bytes, and files that are no text. */
export const encodingCases: readonly TableCase[] = [
  file('UTF-8', text, { rows }),
  file('UTF-8 with a byte order mark', `\ufeff${text}`, { rows }),
  file('a byte order mark before a quoted name', '\ufeff"a","b"\n1,2', { rows: [{ a: '1', b: '2' }] }),
  file('a byte order mark inside', 'a\n\ufeffx\n', { rows: [{ a: '\ufeffx' }] }),
  bytesFile('UTF-16, little end first', utf16(text), { rows }),
  bytesFile('UTF-16, big end first', utf16be(text), { rows }),
  bytesFile('UTF-16 with tabs, as Excel saves Unicode text', utf16('a\tb\r\n1\té\r\n'), {
    rows: [{ a: '1', b: 'é' }],
  }),
  bytesFile('UTF-16 with half a unit at the end', Buffer.concat([utf16('a,b\n1,2\n3,'), hex('41')]), {
    rows: [
      { a: '1', b: '2' },
      { problem: noText, column: 'b' },
    ],
  }),
  bytesFile(
    'UTF-16 with half of a pair',
    Buffer.concat([utf16('a,b\n1,'), hex('3dd8'), utf16('\n3,4').subarray(2)]),
    {
      rows: [
        { problem: noText, column: 'b' },
        { a: '3', b: '4' },
      ],
    },
  ),
  bytesFile('UTF-16 without a byte order mark', utf16('a,b\n1,2').subarray(2), {
    refused: /UTF-16 without its byte/,
  }),
  bytesFile('the same, big end first', utf16be('a,b\n1,2').subarray(2), {
    refused: /UTF-16 without its byte/,
  }),
  bytesFile('UTF-32', hex('fffe0000 61000000'), { refused: /UTF-32/ }),
  bytesFile('Windows-1252', hex('612c62 0a 80ff2ce9 0a 312c 939495 0a'), {
    rows: [
      { a: '€ÿ', b: 'é' },
      { a: '1', b: '“”•' },
    ],
  }),
  bytesFile('Windows-1252 in the header', latin1('Größe,b\n1,2\n'), { rows: [{ Größe: '1', b: '2' }] }),
  bytesFile('Windows-1252 in the very last byte', latin1('a,b\n1,é'), { rows: [{ a: '1', b: 'é' }] }),
  bytesFile(
    'a byte that UTF-8 has not, after a character that only it has',
    hex('61 0a c3a9 0a e9 78 0a 79 0a'),
    {
      rows: [{ a: 'é' }, { problem: noText, column: 'a' }, { a: 'y' }],
    },
  ),
  bytesFile('UTF-8 that is cut off', hex('61 0a c3a9 0a e282'), {
    rows: [{ a: 'é' }, { problem: noText, column: 'a' }],
  }),
  bytesFile('a surrogate in UTF-8', hex('61 0a c3a9 0a eda080 0a 79'), {
    rows: [{ a: 'é' }, { problem: noText, column: 'a' }, { a: 'y' }],
  }),
  bytesFile('a slash in two bytes of UTF-8', hex('61 0a c3a9 0a c0af 0a 79'), {
    rows: [{ a: 'é' }, { problem: noText, column: 'a' }, { a: 'y' }],
  }),
  file('a NUL in a row', 'a,b\n1,x\0y\n3,4\n', {
    rows: [
      { problem: noText, column: 'b' },
      { a: '3', b: '4' },
    ],
  }),
  file('a NUL in quotes', 'a,b\n"\0",2\n3,4\n', {
    rows: [
      { problem: noText, column: 'a' },
      { a: '3', b: '4' },
    ],
  }),
  file('a NUL in the header', 'a,b\0\n1,2\n', { refused: /column 2 of the header holds what is no text/ }),
  bytesFile(
    'random bytes',
    Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * at * 7 + 31 * at + 200) % 251)),
    {
      refused: /^file: column \d+ of the header/,
    },
  ),
  bytesFile('an Excel workbook', hex('504b0304 14000600'), {
    refused: /Excel workbook \(\.xlsx\).*CSV UTF-8/,
  }),
  bytesFile('an old Excel workbook', hex('d0cf11e0 a1b11ae1'), { refused: /old Excel workbook/ }),
  file('a PDF file', '%PDF-1.7\n%', { refused: /PDF/ }),
  bytesFile('gzip in gzip', hex('1f8b0800 00000000'), { refused: /gzip twice/ }),
  bytesFile('zstd', hex('28b52ffd 04'), { refused: /zstd/ }),
  bytesFile('a picture', hex('89504e47 0d0a1a0a'), { refused: /PNG/ }),
]
