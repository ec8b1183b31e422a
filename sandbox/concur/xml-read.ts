import { Refused } from './errors.ts'

/**
 * Reads an XML document into a tree, in one pass from front to back without stepping back, so that the
 * time grows with the length and nothing else.
 * Follows: XML 1.0 (fifth edition), well-formedness of elements, attributes, text, CDATA sections,
 * comments, processing instructions, the five entities and character references. A document type is
 * refused, and with it every way to declare entities.
 */
export interface XmlElement {
  /** As written, prefix included. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly inside, put together. */
  readonly text: string
}

interface OpenElement {
  readonly name: string
  readonly attributes: Map<string, string>
  readonly children: XmlElement[]
  readonly text: string[]
}

interface Reader {
  readonly source: string
  at: number
  readonly open: OpenElement[]
  root: XmlElement | undefined
}

const mostDepth = 32
const mostLength = 1024 * 1024

const nameStart =
  ':A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}' +
  '\\u{200c}\\u{200d}\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}\\u{f900}-\\u{fdcf}' +
  '\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}'
const name = `[${nameStart}][${nameStart}\\-.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}]*`
const space = '[ \\t\\r\\n]'
const startPattern = new RegExp(`<(${name})`, 'uy')
const endPattern = new RegExp(`</(${name})${space}*>`, 'uy')
const attributePattern = new RegExp(`${space}+(${name})${space}*=${space}*(?:"([^<"]*)"|'([^<']*)')`, 'uy')
const tagEndPattern = new RegExp(`${space}*(/?)>`, 'uy')
const instructionPattern = new RegExp(`<\\?(${name})(?=${space}|\\?>)`, 'uy')
const declarationPattern =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.\d"|'1\.\d')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([\w.-]+)"|'([\w.-]+)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y
const forbidden = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

const wrong = (reader: Reader, problem: string): Refused => {
  const line = reader.source.slice(0, reader.at).split('\n').length
  return new Refused(400, `The request body is not valid XML: line ${String(line)}: ${problem}`)
}

const matchHere = (reader: Reader, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.source)
  if (found !== null) reader.at = pattern.lastIndex
  return found
}

/** What stands before `mark`; the reader then stands behind it. */
const upTo = (reader: Reader, from: number, mark: string, what: string): string => {
  const end = reader.source.indexOf(mark, from)
  if (end < 0) throw wrong(reader, `${what} does not end`)
  reader.at = end + mark.length
  return reader.source.slice(from, end)
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const referenced = (reader: Reader, reference: string): string => {
  if (!reference.startsWith('#')) return entities[reference] ?? ''
  const code = reference.startsWith('#x')
    ? Number.parseInt(reference.slice(2), 16)
    : Number.parseInt(reference.slice(1), 10)
  const letter = code <= 0x10ffff ? String.fromCodePoint(code) : '\0'
  if (forbidden.test(letter)) throw wrong(reader, `&${reference}; is no character of XML`)
  return letter
}

const resolved = (reader: Reader, text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:(#x[0-9A-Fa-f]+|#[0-9]+|amp|lt|gt|quot|apos);)?/g, (_, reference) => {
        if (typeof reference !== 'string') throw wrong(reader, 'a bare & or an entity that is not known')
        return referenced(reader, reference)
      })
    : text

const close = (reader: Reader): void => {
  const done = reader.open.pop()
  if (done === undefined) return
  const element: XmlElement = { ...done, text: done.text.join('') }
  const parent = reader.open.at(-1)
  if (parent === undefined) reader.root = element
  else parent.children.push(element)
}

const readAttributes = (reader: Reader): Map<string, string> => {
  const attributes = new Map<string, string>()
  for (;;) {
    const found = matchHere(reader, attributePattern)
    if (found === null) return attributes
    const [, key = '', double, single = ''] = found
    if (attributes.has(key)) throw wrong(reader, `the attribute ${key.slice(0, 100)} stands twice`)
    attributes.set(key, resolved(reader, (double ?? single).replace(/[\t\n\r]/g, ' ')))
  }
}

const readStart = (reader: Reader): void => {
  if (reader.root !== undefined) throw wrong(reader, 'a second root element')
  const found = matchHere(reader, startPattern)
  if (found === null) throw wrong(reader, 'a < that opens nothing')
  if (reader.open.length === mostDepth) throw wrong(reader, `more than ${String(mostDepth)} elements deep`)
  reader.open.push({
    name: found[1] ?? '',
    attributes: readAttributes(reader),
    children: [],
    text: [],
  })
  const end = matchHere(reader, tagEndPattern)
  if (end === null) throw wrong(reader, 'a tag that does not end, or an attribute that is not name="value"')
  if (end[1] === '/') close(reader)
}

const readEnd = (reader: Reader): void => {
  const found = matchHere(reader, endPattern)
  const wanted = reader.open.at(-1)?.name
  if (found === null || wanted === undefined || found[1] !== wanted) {
    throw wrong(reader, `an end tag that closes nothing${wanted === undefined ? '' : '; another is open'}`)
  }
  close(reader)
}

const readText = (reader: Reader): void => {
  const end = reader.source.indexOf('<', reader.at)
  const raw = reader.source.slice(reader.at, end < 0 ? reader.source.length : end)
  const parent = reader.open.at(-1)
  if (parent === undefined) {
    if (/[^ \t\r\n]/.test(raw)) throw wrong(reader, 'text outside of the root element')
  } else {
    if (raw.includes(']]>')) throw wrong(reader, ']]> outside of CDATA')
    parent.text.push(resolved(reader, raw))
  }
  reader.at += raw.length
}

/** `<!` something: a comment or a CDATA section. */
const readMarked = (reader: Reader): void => {
  const { source, at } = reader
  if (source.startsWith('<!--', at)) {
    upTo(reader, at + 4, '--', 'a comment')
    if (source[reader.at] !== '>') throw wrong(reader, '-- inside a comment')
    reader.at += 1
    return
  }
  const parent = reader.open.at(-1)
  if (!source.startsWith('<![CDATA[', at) || parent === undefined) {
    throw wrong(reader, 'a document type, or another declaration; neither is taken')
  }
  parent.text.push(upTo(reader, at + 9, ']]>', 'a CDATA section'))
}

const readInstruction = (reader: Reader): void => {
  const found = matchHere(reader, instructionPattern)
  if (found === null || found[1]?.toLowerCase() === 'xml') {
    throw wrong(reader, 'a processing instruction without a name, or a declaration that is not the first')
  }
  upTo(reader, reader.at, '?>', 'a processing instruction')
}

const readDeclaration = (reader: Reader): void => {
  const found = matchHere(reader, declarationPattern)
  const encoding = found?.[1] ?? found?.[2] ?? 'utf-8'
  if (!/^(?:utf-8|us-ascii)$/i.test(encoding)) throw wrong(reader, 'an encoding other than UTF-8')
}

const readNext = (reader: Reader): void => {
  const { source, at } = reader
  if (source[at] !== '<') readText(reader)
  else if (source[at + 1] === '/') readEnd(reader)
  else if (source[at + 1] === '!') readMarked(reader)
  else if (source[at + 1] === '?') readInstruction(reader)
  else readStart(reader)
}

/**
 * The root element. Throws `Refused` 400 with the line and the problem when the text is not well-formed,
 * holds a document type or is more than 32 elements deep; 413 above 1 MiB.
 */
export const readXml = (text: string): XmlElement => {
  if (text.length > mostLength) throw new Refused(413, 'An XML body may have at most 1 MiB')
  const source = text.replace(/\r\n?/g, '\n')
  const reader: Reader = { source, at: 0, open: [], root: undefined }
  const bad = source.search(forbidden)
  if (bad >= 0) throw wrong({ ...reader, at: bad }, 'a character that XML does not have')
  readDeclaration(reader)
  while (reader.at < reader.source.length) readNext(reader)
  if (reader.root === undefined) throw wrong(reader, 'the root element is missing or does not end')
  return reader.root
}
