import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { mix, scramble, unscramble } from './hash.ts'

/**
 * Ids in the vendor's forms that lead back to the row's index, so that no table of ids is kept.
 * Follows: developer.concur.com, Reports v3, Expense Entry v3, Expenses v4. Verified: 2026-08
 */
const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).toUpperCase().padStart(digits, '0').slice(-digits)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const letters = (value: number, length: number): string => {
  let text = ''
  let rest = value
  for (let place = 0; place < length; place += 1) {
    text += alphabet[rest % 62] ?? 'A'
    rest = Math.floor(rest / 62)
  }
  return text
}
const unletters = (text: string): number => {
  let value = 0
  for (const letter of [...text].reverse()) value = value * 62 + alphabet.indexOf(letter)
  return value
}

/** 20 upper-case hex digits: 8 that carry the index, 12 that make a guessed id fail. */
export const reportIdAt = (index: number, seed: number): string =>
  hex(scramble(index, seed), 8) + hex(mix(seed, index, 901), 8) + hex(mix(seed, index, 902), 4)

/** The index of a seeded report, or undefined when the id is not one of them. */
export const reportIndexOf = (id: string, seed: number, count: number): number | undefined => {
  if (!/^[0-9A-F]{20}$/.test(id)) return undefined
  const index = unscramble(Number.parseInt(id.slice(0, 8), 16), seed)
  return index < count && reportIdAt(index, seed) === id ? index : undefined
}

/** A v3 entry id: a protected string with a `$`. `position` counts the report's entries from 0. */
export const entryIdAt = (index: number, position: number, seed: number): string => {
  const check = mix(seed, index, 910 + position)
  return `gW${letters(check, 5)}$p${letters(scramble(index, seed), 6)}${letters(position, 1)}${letters(mix(seed, check, 911), 5)}`
}

export const entryIndexOf = (
  id: string,
  seed: number,
  count: number,
): { readonly index: number; readonly position: number } | undefined => {
  const parts = /^gW\w{5}\$p([A-Za-z0-9]{6})([A-Za-z0-9])\w{5}$/.exec(id)
  if (parts === null) return undefined
  const scrambled = unletters(parts[1] ?? '')
  if (scrambled > 0xffff_ffff) return undefined
  const index = unscramble(scrambled, seed)
  const position = unletters(parts[2] ?? '')
  return index < count && entryIdAt(index, position, seed) === id ? { index, position } : undefined
}

/** The same entry's id on v4: 32 hex digits. */
export const expenseIdAt = (index: number, position: number, seed: number): string =>
  [921, 922, 923, 924].map((salt) => hex(mix(seed, index, salt * 64 + position), 8)).join('')

/** Ids of rows that callers create. */
export const newReportId = (): string => randomBytes(10).toString('hex').toUpperCase()
export const newEntryId = (): string => {
  const text = randomLetters(18)
  return `gW${text.slice(0, 5)}$p${text.slice(5)}`
}
export const newExpenseId = (): string => randomBytes(16).toString('hex').toUpperCase()
const randomLetters = (length: number): string =>
  [...randomBytes(length)].map((byte) => alphabet[byte % 62]).join('')

/** A token of the old framework: `1_…$…`. */
export const newLegacyToken = (): string => `1_${randomLetters(8)}$p${randomLetters(24)}`
export const newOpaque = (): string => randomLetters(32)
/** A one-time password: eight digits. */
export const newOtp = (): string => String(randomInt(10_000_000, 100_000_000))
export const newUuid = (): string => randomUUID()

const knownUuids = new Map<string, string>()
const mostKnown = 5000

/** The same UUID for the same name, always; the common ones are remembered, because hashing costs more. */
export const uuidOf = (name: string): string => {
  const known = knownUuids.get(name)
  if (known !== undefined) return known
  const made = makeUuid(name)
  if (knownUuids.size < mostKnown) knownUuids.set(name, made)
  return made
}

const makeUuid = (name: string): string => {
  const text = createHash('sha256').update(`amalgam-sandbox:${name}`).digest('hex')
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20, 32)}`
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
