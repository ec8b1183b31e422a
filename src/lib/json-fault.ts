/** What may stand at a place in JSON text. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing'

interface Scan {
  readonly text: string
  /** Offset of what is read next, in UTF-16 units. */
  at: number
  /** Closing characters of what is open. */
  readonly open: ('}' | ']')[]
  expected: Expected
}

const blank = /[ \t\n\r]*/y
const plainValue = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

const matchEnd = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** The end of the string that opens at `start`, or where it goes wrong. */
const readString = (text: string, start: number): { readonly end?: number; readonly wrongAt: number } => {
  let at = start + 1
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) return { end: at + 1, wrongAt: at }
    if (unit < 0x20) return { wrongAt: at }
    const next = unit === 0x5c ? matchEnd(escapeSequence, text, at) : at + 1
    if (next === undefined) return { wrongAt: at }
    at = next
  }
  return { wrongAt: text.length }
}

const afterValue = (scan: Scan): Expected => (scan.open.length === 0 ? 'nothing' : 'comma-or-end')

const close = (scan: Scan): boolean => {
  if (scan.text[scan.at] !== scan.open.at(-1)) return false
  scan.open.pop()
  scan.at += 1
  scan.expected = afterValue(scan)
  return true
}

const takeString = (scan: Scan, then: Expected): boolean => {
  if (scan.text[scan.at] !== '"') return false
  const { end, wrongAt } = readString(scan.text, scan.at)
  scan.at = end ?? wrongAt
  scan.expected = then
  return end !== undefined
}

const takeValue = (scan: Scan): boolean => {
  const first = scan.text[scan.at]
  if (first === '"') return takeString(scan, afterValue(scan))
  if (first === '{' || first === '[') {
    scan.open.push(first === '{' ? '}' : ']')
    scan.at += 1
    scan.expected = first === '{' ? 'key-or-end' : 'value-or-end'
    return true
  }
  const end = matchEnd(plainValue, scan.text, scan.at)
  scan.at = end ?? scan.at
  scan.expected = afterValue(scan)
  return end !== undefined
}

const takeMark = (scan: Scan, mark: string, then: Expected): boolean => {
  if (scan.text[scan.at] !== mark) return false
  scan.at += 1
  scan.expected = then
  return true
}

const steps: Readonly<Record<Expected, (scan: Scan) => boolean>> = {
  value: takeValue,
  'value-or-end': (scan) => close(scan) || takeValue(scan),
  key: (scan) => takeString(scan, 'colon'),
  'key-or-end': (scan) => close(scan) || takeString(scan, 'colon'),
  colon: (scan) => takeMark(scan, ':', 'value'),
  'comma-or-end': (scan) => close(scan) || takeMark(scan, ',', scan.open.at(-1) === '}' ? 'key' : 'value'),
  nothing: () => false,
}

/**
 * Where a text stops being JSON (RFC 8259): an offset in UTF-16 units, `text.length` when it ends too early;
 * undefined for JSON. JSON.parse tells this only sometimes, and then quotes the text. Time is linear, no recursion.
 */
export const findJsonFault = (text: string): number | undefined => {
  const scan: Scan = { text, at: 0, open: [], expected: 'value' }
  for (;;) {
    scan.at = matchEnd(blank, text, scan.at) ?? scan.at
    if (scan.at >= text.length) return scan.expected === 'nothing' ? undefined : text.length
    if (!steps[scan.expected](scan)) return scan.at
  }
}
