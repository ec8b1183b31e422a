import { createHash } from 'node:crypto'

/**
 * Ids of v1 to v3: protected strings with a `$`. Each is another writing of the row's own 128-bit id, so
 * that no table of pairs is kept, but nobody can tell one from the other without this file.
 * Follows: developer.concur.com, v3 examples. Verified: 2026-08
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const length = 22

const masks = new Map<string, bigint>()
const maskOf = (kind: string): bigint => {
  const known = masks.get(kind)
  if (known !== undefined) return known
  const made = BigInt(
    `0x${createHash('sha256').update(`amalgam-sandbox:v3:${kind}`).digest('hex').slice(0, 32)}`,
  )
  masks.set(kind, made)
  return made
}

const known = new Map<string, string>()
const mostKnown = 5000

const write = (kind: string, id: string): string => {
  let rest = BigInt(`0x${id.replaceAll('-', '')}`) ^ maskOf(kind)
  let text = ''
  for (let place = 0; place < length; place += 1) {
    text += alphabet[Number(rest % 62n)] ?? 'A'
    rest /= 62n
  }
  return `gW${text.slice(0, 5)}$p${text.slice(5)}`
}

/** The v3 id of a row whose own id is a UUID or 32 hex digits; another one for each `kind`. */
export const protectedId = (kind: string, id: string): string => {
  const key = `${kind}:${id}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made = write(kind, id)
  if (known.size < mostKnown) known.set(key, made)
  return made
}

const pattern = /^gW([A-Za-z0-9]{5})\$p([A-Za-z0-9]{17})$/

/** The 32 lower-case hex digits behind a v3 id; undefined for what is no id of this kind. */
const openProtectedHex = (kind: string, text: string): string | undefined => {
  const parts = pattern.exec(text)
  if (parts === null) return undefined
  let value = 0n
  for (const letter of [...`${parts[1] ?? ''}${parts[2] ?? ''}`].reverse()) {
    value = value * 62n + BigInt(alphabet.indexOf(letter))
  }
  if (value >= 1n << 128n) return undefined
  return (value ^ maskOf(kind)).toString(16).padStart(32, '0')
}

const dashes = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/

/** The UUID behind a v3 id. */
export const openProtected = (kind: string, text: string): string | undefined =>
  openProtectedHex(kind, text)?.replace(dashes, '$1-$2-$3-$4-$5')

/** 32 upper-case hex digits, as the v4 services of expense write ids, for a UUID. */
export const hexOfUuid = (uuid: string): string => uuid.replaceAll('-', '').toUpperCase()
