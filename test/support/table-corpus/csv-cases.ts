import { file, type TableCase } from './table-case.ts'

const one = [{ a: '1', b: '2' }]
const two = [
  { a: '1', b: '2' },
  { a: '3', b: '4' },
]

/** Delimiters, line ends, quotes and headers. */
export const csvCases: readonly TableCase[] = [
  file('commas', 'a,b\n1,2\n3,4\n', { rows: two }),
  file('semicolons', 'a;b\n1;2\n3;4\n', { rows: two }),
  file('tabs', 'a\tb\n1\t2\n3\t4\n', { rows: two }),
  file('bars', 'a|b\n1|2\n3|4\n', { rows: two }),
  file('a delimiter of which the header has most', 'a;b,c;d\n1;2;3\n', {
    rows: [{ a: '1', 'b,c': '2', d: '3' }],
  }),
  file('delimiters in a quoted name are not counted', '"a;;;",b\n1,2\n', { rows: [{ 'a;;;': '1', b: '2' }] }),
  file('as many of two delimiters in the header', 'a,b;c\n1,2\n', { rows: [{ a: '1', 'b;c': '2' }] }),
  file('commas inside cells of a file of semicolons', 'a;b\n1,5;2,5\n', { rows: [{ a: '1,5', b: '2,5' }] }),
  file('a delimiter that is told', 'a b;c\n1 2;3\n', {
    how: { delimiter: ' ' },
    rows: [{ a: '1', 'b;c': '2;3' }],
  }),
  file('the line by which Excel is told the delimiter', 'sep=|\r\na,x|b\r\n1|2\r\n', {
    rows: [{ 'a,x': '1', b: '2' }],
  }),
  file('that line with a delimiter nobody guesses', 'sep=^\na^b\n1^2', { rows: one }),
  file('a delimiter of two characters', 'a,b\n1,2', {
    how: { delimiter: '::' },
    refused: /^delimiter: one character/,
  }),
  file('a quote for a delimiter', 'a,b\n1,2', {
    how: { delimiter: '"' },
    refused: /^delimiter: one character/,
  }),
  file('CRLF', 'a,b\r\n1,2\r\n3,4\r\n', { rows: two }),
  file('carriage returns alone', 'a,b\r1,2\r3,4\r', { rows: two }),
  file('CRLF in the header only', 'a,b\r\n1,2\n3,4\n', { rows: two }),
  file('CRLF in rows only', 'a,b\n1,2\r\n3,4\r\n', { rows: two }),
  file('CRLF below a header that ends with a carriage return', 'a,b\r1,2\r\n3,4\r\n', { rows: two }),
  file('no line end at the end', 'a,b\n1,2\n3,4', { rows: two }),
  file('half a line end at the end', 'a,b\r\n1,2\r\n3,4\r', { rows: two }),
  file('a carriage return inside a cell', 'a,b\n1\r1,2\n', { rows: [{ a: '1\r1', b: '2' }] }),
  file('blank lines before, between and after', '\r\n\n\na,b\n\n1,2\n\r\n\n3,4\n\n\n', { rows: two }),
  file('a line of spaces is a row', 'a,b\n  \n1,2', { rows: [{ a: '  ' }, ...one] }),
  file('a line separator of Unicode is a character', 'a,b\n1\u2028,2', { rows: [{ a: '1\u2028', b: '2' }] }),
  file('quotes around everything', '"a","b"\r\n"1","2"\r\n"3","4"\r\n', { rows: two }),
  file('a delimiter in quotes', 'a,b\n"1,1",2\n', { rows: [{ a: '1,1', b: '2' }] }),
  file('line ends in quotes', 'a,b\n"1\n\r\n1","2\r"\n3,4\n', {
    rows: [{ a: '1\n\r\n1', b: '2\r' }, two[1] ?? {}],
  }),
  file('doubled quotes', 'a,b\n"""1""","2""2"\n"""",""""""\n', {
    rows: [
      { a: '"1"', b: '2"2' },
      { a: '"', b: '""' },
    ],
  }),
  file('a quoted cell that is empty', 'a,b\n"",2\n', { rows: [{ b: '2' }] }),
  file('a quoted name with a line end', '"a\nx",b\n1,2\n', { rows: [{ 'a\nx': '1', b: '2' }] }),
  file('quotes and CRLF at the end without a line end', 'a,b\r\n1,"2"\r', { rows: one }),
  file('a quote inside a bare cell', 'a,b\n5" pipe,2\n3,4\n', {
    rows: [{ a: '5" pipe', b: '2' }, two[1] ?? {}],
  }),
  file('a quote at the end of a bare cell', 'a,b\n1,5"\n3,4\n', {
    rows: [{ a: '1', b: '5"' }, two[1] ?? {}],
  }),
  file('text after a closing quote', 'a,b\n"1"x,2\n3,4\n', {
    rows: [{ problem: /text follows the closing quote/, column: 'a' }, two[1] ?? {}],
  }),
  file('a space after a closing quote', 'a,b\n1,"2" \n3,4\n', {
    rows: [{ problem: /text follows the closing quote/, column: 'b' }, two[1] ?? {}],
  }),
  file('quotes inside a quoted cell that are not doubled', 'a,b\n"say "hi", ok",2\n3,4\n', {
    rows: [{ problem: /Double each "/, column: 'a' }, two[1] ?? {}],
  }),
  file('a carriage return after a closing quote', 'a,b\n"1"\r,2\n3,4\n', {
    rows: [{ problem: /text follows the closing quote/, column: 'a' }, two[1] ?? {}],
  }),
  file('a space before an opening quote', 'a,b\n1, "2"\n3,4\n', {
    rows: [{ problem: /space stands before/, column: 'b' }, two[1] ?? {}],
  }),
  file('a quote that is never closed', 'a,b\n1,2\n3,"4\n5,6\n', {
    rows: [...one, { problem: /never closed/, column: 'b' }],
  }),
  file('a quote that opens at the very end', 'a,b\n1,2\n3,"', {
    rows: [...one, { problem: /never closed/, column: 'b' }],
  }),
  file('a quote that opens in a second cell at the very end', 'a,b\n1,2\n,"', {
    rows: [...one, { problem: /never closed/, column: 'b' }],
  }),
  file('a quote that a later row closes', 'a,b\n"1,2\n3,4\n"5",6\n7,8\n', {
    rows: [
      { problem: /text follows the closing quote/, column: 'a' },
      { a: '7', b: '8' },
    ],
  }),
  file('more cells than columns', 'a,b\n1,2,3\n3,4\n', {
    rows: [{ problem: /3 cells, but the header 2/ }, two[1] ?? {}],
  }),
  file('more cells than columns, quoted', 'a,b\n"1","2","3","4"\n3,4\n', {
    rows: [{ problem: /4 cells, but the header 2/ }, two[1] ?? {}],
  }),
  file('fewer cells than columns', 'a,b,c\n1\n1,2\n', { rows: [{ a: '1' }, ...one] }),
  file('cells that are empty', 'a,b,c\n,,\n1,,\n,,3\n', { rows: [{}, { a: '1' }, { c: '3' }] }),
  file('one column', 'name\nAnn\n\n"B,C"\n', { rows: [{ name: 'Ann' }, { name: 'B,C' }] }),
  file('one column with a quoted empty cell', 'name\n""\nAnn\n', { rows: [{}, { name: 'Ann' }] }),
  file('spaces are kept', ' a ,b\n 1 ,\t2\n', { rows: [{ ' a ': ' 1 ', b: '\t2' }] }),
  file('what a spreadsheet takes for a formula is kept', 'a,b\n=1+1,@x\n', {
    rows: [{ a: '=1+1', b: '@x' }],
  }),
  file('names of an object of every program', 'constructor,toString,hasOwnProperty\n1,2,3\n', {
    rows: [{ constructor: '1', toString: '2', hasOwnProperty: '3' } as never],
  }),
  file('dotted names', 'Owner.Name,Owner.ID\nAnn,7\n', { rows: [{ 'Owner.Name': 'Ann', 'Owner.ID': '7' }] }),
  file('a header alone', 'a,b\n', { rows: [] }),
  file('a header alone without a line end', 'a,b', { rows: [] }),
  file('nothing', '', { refused: /^file: it is empty/ }),
  file('blank lines alone', '\r\n\n\n', { refused: /blank lines only/ }),
  file('a byte order mark alone', '\ufeff', { refused: /blank lines only/ }),
  file('two columns of one name', 'a,b,a\n1,2,3\n', {
    refused: /columns 1 and 3 of the header are both called a/,
  }),
  file('a column without a name', 'a,,c\n1,2,3\n', { refused: /column 2 of the header has no name/ }),
  file('a header that ends with a delimiter', 'a,b,\n1,2,\n', {
    refused: /column 3 of the header has no name/,
  }),
  file('a name that reaches a prototype', 'a,__proto__\n1,2\n', {
    refused: /column 2 of the header cannot be called/,
  }),
  file('a dotted name that does', 'a.__proto__.b\n1\n', {
    refused: /column 1 of the header cannot be called/,
  }),
  file('a header with a quote that is never closed', '"a,b\n1,2\n', {
    refused: /column 1 of the header cannot be read/,
  }),
  file('a header with text after a closing quote', 'x,"a"b\n1,2\n', {
    refused: /column 2 of the header cannot be read/,
  }),
]
