import { AppError } from '#src/lib/errors.ts'

/** Names that addresses have another meaning for: `/elements/keys`, `/docs/all`. */
const reserved: ReadonlySet<string> = new Set(['keys', 'metadata', 'convert', 'oauthproxies', 'all'])

const keyPattern = /^[a-z0-9][a-z0-9_.-]{0,99}$/i

/**
 * The key of a new element: what is sent, else its name in lower case without spaces (spec/behaviour.md 4), and without
 * what no address could hold.
 * @throws AppError `bad-request` where it cannot be one.
 */
export const keyFor = (sent: string | null | undefined, name: string): string => {
  const derived = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]/g, '')
    .slice(0, 100)
  const key = sent?.trim() || derived
  if (!keyPattern.test(key) || /^\d+$/.test(key))
    throw new AppError(
      'bad-request',
      `key: '${key.slice(0, 64)}' cannot be a key. Send letters and digits, at most 100, not digits alone.`,
    )
  if (reserved.has(key.toLowerCase()))
    throw new AppError('bad-request', `key: '${key}' has another meaning in addresses. Send another key.`)
  return key
}

/** The key belongs to another element. */
export const keyTaken = (key: string): AppError =>
  new AppError(
    'conflict',
    `key: '${key}' is taken by another element. Send another key, or DELETE that element.`,
  )
