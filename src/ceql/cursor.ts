import { isFieldName } from './names.ts'
import { type Meter, refuseAt, type Token, tokenize } from './tokens.ts'

/** A place in a row of tokens. `source` is the request parameter that held the query, for messages. */
export interface Cursor {
  readonly source: string
  readonly tokens: readonly Token[]
  readonly meter: Meter
  at: number
  depth: number
}

/** @throws AppError `bad-query` when the text cannot be cut into tokens. */
export const openCursor = (source: string, text: string, meter: Meter = { steps: 0 }): Cursor => ({
  source,
  tokens: tokenize(source, text, meter),
  meter,
  at: 0,
  depth: 0,
})

const end: Token = { kind: 'end', text: '', key: '', at: 0 }

/** The token `ahead` places on; past the end, the end. */
export const peek = (cursor: Cursor, ahead = 0): Token => {
  cursor.meter.steps += 1
  return cursor.tokens[cursor.at + ahead] ?? cursor.tokens.at(-1) ?? end
}

export const take = (cursor: Cursor): Token => {
  const token = peek(cursor)
  cursor.at += 1
  return token
}

export const isWord = (token: Token, key: string): boolean => token.kind === 'word' && token.key === key
export const isSymbol = (token: Token, text: string): boolean =>
  token.kind === 'symbol' && token.text === text

export const takeWord = (cursor: Cursor, key: string): boolean => {
  if (!isWord(peek(cursor), key)) return false
  cursor.at += 1
  return true
}

export const takeSymbol = (cursor: Cursor, text: string): boolean => {
  if (!isSymbol(peek(cursor), text)) return false
  cursor.at += 1
  return true
}

const shown = (token: Token): string => {
  if (token.kind === 'end') return 'the end'
  const text = token.text.length > 32 ? `${token.text.slice(0, 32)}...` : token.text
  if (token.kind === 'text') return `'${text}'`
  return token.kind === 'name' ? `\`${text}\`` : text
}

/** @throws AppError `bad-query`: always, with the position and text of the next token. */
export const fail = (cursor: Cursor, expected: string): never => {
  const token = peek(cursor)
  throw refuseAt(cursor.source, token.at, expected, shown(token))
}

/** @throws AppError `bad-query` when the next token is not that symbol. */
export const expectSymbol = (cursor: Cursor, text: string, expected = text): void => {
  if (!takeSymbol(cursor, text)) fail(cursor, expected)
}

/**
 * Takes a name: a bare one, of which even keywords are some, or one in back-ticks.
 * @throws AppError `bad-query` when no name stands here.
 */
export const takeName = (cursor: Cursor, what: string): string => {
  const token = peek(cursor)
  cursor.meter.steps += token.text.length
  const named = token.kind === 'word' ? isFieldName(token.text) : token.kind === 'name' && token.text !== ''
  if (!named) fail(cursor, `${what} (back-ticks keep an unusual name whole)`)
  cursor.at += 1
  return token.text
}
