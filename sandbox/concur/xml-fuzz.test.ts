import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refused } from './errors.ts'
import { type Client, openClient, readLike } from './test-client.ts'
import { readXml } from './xml-read.ts'
import { writeXml } from './xml-write.ts'

/** Text of characters that XML can hold, with those that need care more often than luck would have it. */
const letter = fc.oneof(
  fc.constantFrom(...'<>&\'"\r\n\t]]>;# ', '\u0085', '\u2028', '\ufffd', '😀'),
  fc.integer({ min: 0x20, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
)
const text = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join(''))

const leaf = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const name = fc.constantFrom('ID', 'Name', 'Custom1', 'Custom10', 'Server-Time', 'OrgUnit1', '_x', 'Total')
const slot = fc.record({ Type: text, Value: text, Code: fc.option(text), ListItemID: fc.option(text) })
const row = fc.dictionary(name, fc.oneof(leaf, slot), { minKeys: 1 })
const page = fc.record({ Items: fc.array(row, { maxLength: 4 }), NextPage: fc.option(text) })

/** JSON has no minus zero. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const seedsOfMutants = [
  '<?xml version="1.0" encoding="utf-8"?><Report xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Name>A&amp;B</Name><Custom1 i:nil="true"/><Custom2><![CDATA[x]]></Custom2></Report>',
  '<!-- c --><Report a="1" b=\'2\'><Name>&#65;&#x42;</Name>\n<UserDefinedDate>2026-01-01</UserDefinedDate><?p q?></Report>',
]
const fragments = [
  ...['<', '>', '&', ';', '"', "'", '/', '=', '!', '?', ']]>', '<![CDATA[', '<!--', '-->', '&#', '&#x;'],
  ...['<!DOCTYPE x>', '<?xml ?>', '&lt;', '\u0000', '\ufffe', 'i:nil="1"', 'xmlns:i=""', 'xmlns=""', ':'],
  ...['__proto__', 'constructor', '</Name>', '<Name>', '<Journey>', '\ud800', '\u00e9', '&#99999999999999;'],
]
type Edit = readonly [kind: 'cut' | 'insert' | 'copy', at: number, length: number, fragment: string]
const edits = fc.array(
  fc.tuple(
    fc.constantFrom('cut', 'insert', 'copy'),
    fc.nat(240),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(...fragments),
  ),
  { minLength: 1, maxLength: 5 },
)
const mutate = (source: string, list: readonly Edit[]): string =>
  list.reduce((body, [kind, place, length, fragment]) => {
    const at = body.length === 0 ? 0 : place % body.length
    const middle = { cut: '', insert: fragment + body.slice(at, at + length), copy: '' }[kind]
    const copy = kind === 'copy' ? body.slice(at, at + length).repeat(2) : middle
    return body.slice(0, at) + copy + body.slice(at + length)
  }, source)
const mutant = fc
  .tuple(fc.constantFrom(...seedsOfMutants), edits)
  .map(([source, list]) => mutate(source, list))

describe('XML of the sandbox under generated input', () => {
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 5 })
    token = await client.token()
  })
  afterAll(() => client.close())
  const path = '/api/v3.0/expense/reports'
  const send = (body: string) =>
    client.call('POST', path, {
      body: Buffer.from(body),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/xml',
        accept: 'application/xml',
      },
    })

  it('reads back every generated page as it was', () => {
    fc.assert(
      fc.property(page, (value) => {
        const plain = asJson(value)
        const xml = writeXml({ root: 'Reports', item: 'Report' }, plain)
        expect(readLike(xml, plain)).toEqual({ root: 'Reports', value: plain })
      }),
      { numRuns: 1000 },
    )
  }, 60_000)

  it('writes well-formed XML of any string, with U+FFFD for what XML cannot hold', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        (any) => {
          const read = readXml(writeXml({ root: 'Name' }, any)).text
          expect(read).toBe(any.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd'))
        },
      ),
    )
    expect(readXml(writeXml({ root: 'Name' }, 'a\u0000b\ud800c')).text).toBe('a\ufffdb\ufffdc')
  })

  it('keeps generated text through the socket, from XML and from JSON, to XML and to JSON', async () => {
    const words = fc.record({ Name: text.filter((word) => word.trim() !== ''), Custom2: text, Custom3: text })
    await fc.assert(
      fc.asyncProperty(words, fc.boolean(), async (body, inXml) => {
        const made = inXml
          ? await send(writeXml({ root: 'Report' }, body))
          : await client.post(path, body, token)
        expect(made.status, made.text).toBe(200)
        const uri = inXml ? (readXml(made.text).children[1]?.text ?? '') : String(made.json['URI'])
        const plain = (await client.get(uri, token)).json
        const slotOf = (word: string) => (word === '' ? null : expect.objectContaining({ Value: word }))
        expect(plain).toMatchObject({
          Name: body.Name,
          Custom2: slotOf(body.Custom2),
          Custom3: slotOf(body.Custom3),
        })
        const headers = { authorization: `Bearer ${token}`, accept: 'text/xml' }
        const xml = await client.call('GET', uri, { headers })
        expect(readLike(xml.text, plain).value).toEqual(plain)
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('answers 2,000 mutated bodies with 200 or a refusal, each well-formed, never with 5xx', async () => {
    const seen = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(mutant, async (body) => {
        const answer = await send(body)
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
        expect([200, 400]).toContain(answer.status)
        expect(readXml(answer.text).name).toBe(answer.status === 200 ? 'CreateResponse' : 'Error')
      }),
      { numRuns: 2000 },
    )
    // Mutants that all fail at the first character would prove little.
    expect(seen.get(200) ?? 0).toBeGreaterThan(20)
    expect(seen.get(400) ?? 0).toBeGreaterThan(500)
  }, 60_000)

  it('reads anything to a tree or a refusal, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mutant,
          fc.string(),
          fc.array(fc.constantFrom(...fragments)).map((all) => all.join('')),
        ),
        (body) => {
          try {
            expect(typeof readXml(body).name).toBe('string')
          } catch (error) {
            expect(error).toBeInstanceOf(Refused)
          }
        },
      ),
      { numRuns: 5000 },
    )
  }, 60_000)

  const long = 150_000
  it.each([
    ['spaces in a tag', `<Report${' '.repeat(long)}x`],
    ['spaces around =', `<Report a${' '.repeat(long)}=${' '.repeat(long)}x`],
    ['a name without end', `<${'a'.repeat(long)}`],
    ['a value without end', `<Report a="${'a'.repeat(long)}`],
    ['bare ampersands', `<Report>${'&'.repeat(long)}</Report>`],
    ['references without end', `<Report>${'&#1'.repeat(long)}</Report>`],
    ['a reference of many digits', `<Report><Name>&#${'1'.repeat(long)};</Name></Report>`],
    ['comments', `${'<!---->'.repeat(long / 2)}<Report/>`],
    ['comments without end', '<!--'.repeat(long)],
    ['CDATA sections', `<Report>${'<![CDATA[]]>'.repeat(long / 2)}</Report>`],
    ['CDATA without end', `<Report>${'<![CDATA['.repeat(long / 2)}`],
    ['siblings', `<Report>${'<a/>'.repeat(long)}</Report>`],
    ['open elements', '<a>'.repeat(long)],
    [
      'attributes',
      `<Report ${Array.from({ length: long / 4 }, (_, at) => `a${String(at)}="1"`).join(' ')}/>`,
    ],
    ['declarations', `<?xml${' '.repeat(long)}`],
    ['line ends', `<Report>${'\r'.repeat(long)}</Report`],
  ])(
    'refuses a long body of %s in the time that a test has',
    async (_, body) => {
      expect((await send(body)).status).toBe(400)
    },
    5000,
  )
})
