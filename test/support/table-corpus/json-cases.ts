import { bytesFile, file, type TableCase } from './table-case.ts'

const two = [{ a: 1 }, { b: { c: ['x'] } }]
const noObject = /not an object/
const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`

/** Arrays, lines and objects. */
export const jsonCases: readonly TableCase[] = [
  file('an array', '[{"a":1},{"b":{"c":["x"]}}]', { rows: two }),
  file('an array over many lines', '\n[\n  {\n "a": 1\r\n },\n\t{"b": {"c": [\n"x"]}}\n]\n', { rows: two }),
  file('an array with a byte order mark', '\ufeff[{"a":1}]', { rows: [{ a: 1 }] }),
  file('an array that is empty', ' [ \n ] ', { rows: [] }),
  file('lines', '{"a":1}\n{"b":{"c":["x"]}}\n', { rows: two }),
  file('lines with CRLF and blank ones', '\r\n{"a":1}\r\n\r\n  \r\n{"b":{"c":["x"]}}', { rows: two }),
  file('lines with carriage returns alone', '{"a":1}\r{"b":{"c":["x"]}}\r', { rows: two }),
  file('one object', '{"a":1}', { rows: [{ a: 1 }] }),
  file('one object over many lines', '{\n  "a": 1\n}\n', { rows: [{ a: 1 }] }),
  file('one object with an object in its second line', '{ "b":\n{"c":["x"]}}', { rows: [two[1] ?? {}] }),
  file('objects over many lines', '{\n"a": 1\n}\n{\n"b": {"c":\n["x"]}}\n', { rows: two }),
  file('objects in one line', '{"a":1}{"b":{"c":["x"]}} {}', { rows: [...two, {}] }),
  file('brackets, quotes and commas in texts', '[{"a":"],[{\\"}\\\\"},{"b":"}\\u005d"}]', {
    rows: [{ a: '],[{"}\\' }, { b: '}]' }],
  }),
  file('what is no object in an array', '[1,"x",null,[{"a":1}],{"a":1},true]', {
    rows: [noObject, noObject, noObject, noObject]
      .map((problem): { problem: RegExp } => ({ problem }))
      .concat([{ a: 1 } as never, { problem: noObject }]),
  }),
  file('what is no object in a line', '{"a":1}\n[{"a":1}]\n5\n{"a":1}', {
    rows: [{ a: 1 }, { problem: noObject }, { problem: noObject }, { a: 1 }],
  }),
  file('an element that is no JSON', '[{"a":1},{a:1},{"a":1}]', {
    rows: [{ a: 1 }, { problem: /not valid JSON at its character 2/ }, { a: 1 }],
  }),
  file('a comma too few', '[{"a":1} {"a":2},{"a":1}]', {
    rows: [{ problem: /not valid JSON at its character 9/ }, { a: 1 }],
  }),
  file('a comma too many', '[{"a":1},,{"a":1},]', {
    rows: [{ a: 1 }, { problem: /a comma too many/ }, { a: 1 }, { problem: /a comma too many/ }],
  }),
  file('a line that is cut off', '{"a":1}\n{"a":\n{"a":1}\n{"a":"x', {
    rows: [{ a: 1 }, { problem: /ends too early/ }, { a: 1 }, { problem: /ends too early/ }],
  }),
  file('a first line that is cut off', '{"a":1\n{"a":1}\n', {
    rows: [{ problem: /ends too early/ }, { a: 1 }],
  }),
  file('a first line that is cut off in a text', '{"a":"x\n{"a":1}\n', {
    rows: [{ problem: /ends too early/ }, { a: 1 }],
  }),
  file('text after a line', '{"a":1} x\n{"a":1}\n', { rows: [{ problem: /not valid JSON/ }, { a: 1 }] }),
  file('an array that is not closed', '[{"a":1},{"a":1}', { rows: [{ a: 1 }], refused: /ends inside row 2/ }),
  file('an array that is cut off in a text', '[{"a":1},{"a":"x', {
    rows: [{ a: 1 }],
    refused: /ends inside row 2/,
  }),
  file('an object that is cut off', '{\n"a":1', { rows: [], refused: /ends inside row 1/ }),
  file('text after an array', '[{"a":1}]\n{"a":1}', {
    rows: [{ a: 1 }],
    refused: /after row 1 its JSON array is closed/,
  }),
  file('text after an object', '{\n"a":1}\nx', { rows: [{ a: 1 }], refused: /after row 1 something stands/ }),
  file('CSV that is told to be JSON', 'a,b\n1,2', {
    how: { format: 'json' },
    refused: /not JSON: it begins with/,
  }),
  file('blank lines that are told to be JSON', ' \n', { how: { format: 'json' }, refused: /not JSON/ }),
  file('JSON that is told to be CSV', '[a],b\n1,2', {
    how: { format: 'csv' },
    rows: [{ '[a]': '1', b: '2' }],
  }),
  file('a key that reaches a prototype', '[{"__proto__":{"x":1}},{"a":{"\\u005f_proto__":1}},{"a":1}]', {
    rows: [{ problem: /__proto__/ }, { problem: /__proto__/ }, { a: 1 }],
  }),
  file('another that does', '[{"constructor":{"prototype":{"x":1}}},{"constructor":"x"}]', {
    rows: [{ problem: /constructor\.prototype/ }, { constructor: 'x' } as never],
  }),
  file(
    'an escaped NUL and half of an escaped pair',
    '{"a":"\\u0000"}\n{"a":"\\ud83d"}\n{"a":"\\ud83d\\ude00"}',
    {
      rows: [{ problem: /a holds a NUL/ }, { problem: /a holds a NUL/ }, { a: '😀' }],
    },
  ),
  file('a NUL that is not escaped', '{"a":"\0"}\n{"a":1}', {
    rows: [{ problem: /not valid JSON/ }, { a: 1 }],
  }),
  bytesFile(
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from('{"é":1}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n{"a":1}')]),
    {
      rows: [{ é: 1 }, { problem: /bytes that are no text/ }, { a: 1 }],
    },
  ),
  bytesFile('UTF-16', Buffer.from('\ufeff[{"a":"é"},\n{"a":"😀"}]', 'utf16le'), {
    rows: [{ a: 'é' }, { a: '😀' }],
  }),
  file(
    'numbers',
    '[{"a":-0.5e3,"b":[9007199254740991,1e-400]},{"a":9007199254740993},{"a":[-1E400]},{"a":"9007199254740993"}]',
    {
      rows: [
        { a: -500, b: [9007199254740991, 0] },
        { problem: /beyond 9007199254740991/ },
        { problem: /beyond 9007199254740991/ },
        { a: '9007199254740993' },
      ],
    },
  ),
  file('a key twice', '[{"a":1,"a":2}]', { rows: [{ a: 2 }] }),
  file('as deep as may be', `[${nested(200)}]`, { rows: [JSON.parse(nested(200))] }),
  file('too deep', `${nested(201)}\n{"a":1}\n${nested(100_000)}`, {
    rows: [{ problem: /nested deeper than 200/ }, { a: 1 }, { problem: /nested deeper than 200/ }],
  }),
  file('an array of brackets without end', '['.repeat(100_000), { rows: [], refused: /ends inside row 1/ }),
]
