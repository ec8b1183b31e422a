import { AppError } from '#src/lib/errors.ts'

/** The secrets that a request carries; none of them may reach a message or a log. */
export interface Credentials {
  readonly user?: string
  readonly organization?: string
  readonly element?: string
  readonly bearer?: string
}

type Slot = keyof Credentials

const slots: ReadonlyMap<string, Slot> = new Map([
  ['user', 'user'],
  ['organization', 'organization'],
  ['element', 'element'],
  ['token', 'element'],
  ['bearer', 'bearer'],
])

const longestScheme = 'organization'.length

const slotOf = (word: string): Slot | undefined =>
  word.length > longestScheme ? undefined : slots.get(word.toLowerCase())

const refuse = (reason: string): never => {
  throw new AppError(
    'bad-credentials',
    `Authorization: ${reason}. Send 'User <secret>, Organization <secret>', for calls to an instance followed by ', Element <token>'; or 'Bearer <token>' alone.`,
  )
}

const visible = /^[\x21-\x7e]+$/

/** Whether a piece in a secret's place is really the next scheme: a scheme's word with a blank and more behind it. */
const startsPair = (pieces: readonly string[], at: number): boolean => {
  const next = pieces[at + 1]
  return slotOf(pieces[at] ?? '') !== undefined && next !== undefined && next !== ','
}

const secretAt = (pieces: readonly string[], at: number): string => {
  const secret = pieces[at]
  if (secret === undefined || secret === ',' || startsPair(pieces, at)) {
    return refuse('a scheme has no secret behind it')
  }
  return visible.test(secret) ? secret : refuse('a secret has a character that secrets cannot have')
}

/**
 * Reads the Authorization header: pairs of scheme and secret in any order, schemes (User, Organization, Element,
 * its alias Token, Bearer) in any case, blanks of any kind, commas between pairs or none. A word is a scheme only
 * where a pair can start, so secrets may hold the letters of one. Absent or blank: no credentials. Time is linear.
 * Source: spec, contract section 1.1; behaviour section 0.
 * @throws AppError `bad-credentials` on an unknown scheme, a scheme without secret, two different secrets for one
 * scheme, or Bearer beside another scheme. The message never holds any of the header.
 */
export const parseAuthorization = (header: string | undefined): Credentials => {
  const pieces = header?.match(/,|[^\s,]+/g) ?? []
  const found: Partial<Record<Slot, string>> = {}
  let schemes = 0
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] ?? ''
    if (piece === ',') continue
    const slot = slotOf(piece) ?? refuse('a scheme is not known, or a secret has a blank or comma in it')
    at += 1
    const secret = secretAt(pieces, at)
    const before = found[slot]
    if (before === undefined) schemes += 1
    else if (before !== secret) refuse('one scheme has two different secrets')
    found[slot] = secret
  }
  if (found.bearer !== undefined && schemes > 1) refuse('Bearer stands beside other schemes')
  return found
}
