import { AppError } from '#src/lib/errors.ts'

/** A request target, split. The query is kept as text, for it is never refused. */
export interface Target {
  /** Raw, doubled and trailing slashes gone. */
  readonly path: string
  readonly query: string
}

const authority = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i

/**
 * Node gives the bytes of the target as Latin-1. Clients such as curl send names like `where=name='Zürich'` as bare
 * UTF-8, so these bytes are read as such.
 */
const asUtf8 = (target: string): string =>
  /[\x80-\xff]/.test(target) ? Buffer.from(target, 'latin1').toString('utf8') : target

/** Doubled and trailing slashes gone. */
const tidyPath = (rawPath: string): string => {
  if (rawPath.startsWith('/') && !rawPath.endsWith('/') && !rawPath.includes('//')) return rawPath
  const segments = rawPath.split('/').filter((segment) => segment !== '')
  return `/${segments.join('/')}`
}

/** Splits a request target in origin or absolute form (RFC 9112 section 3.2). Never throws. */
export const splitTarget = (target: string): Target => {
  const utf8 = asUtf8(target)
  const text = utf8.startsWith('/') ? utf8 : utf8.replace(authority, '')
  const mark = text.indexOf('?')
  const rawPath = mark === -1 ? text : text.slice(0, mark)
  return { path: tidyPath(rawPath), query: mark === -1 ? '' : text.slice(mark + 1) }
}

const base = '/elements/api-v2'

/** The path below `/elements/api-v2`, `/` for the root itself; undefined when the path is not there. */
export const belowBase = (path: string): string | undefined => {
  if (path === base) return '/'
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined
}

const decoded = (segment: string): string => {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw new AppError(
      'bad-request',
      'path: a % is not followed by two hex digits of valid UTF-8. Write a literal % as %25.',
      {},
      { cause },
    )
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const control = /[\u0000-\u001f\u007f\ufffd]/

const checkedSegment = (raw: string): string => {
  const segment = decoded(raw)
  if (control.test(segment)) {
    throw new AppError('bad-request', 'path: control characters and broken UTF-8 are not allowed in it.')
  }
  if (segment === '.' || segment === '..') {
    throw new AppError(
      'bad-request',
      "path: '.' and '..' are not allowed as parts of it. Send the full path.",
    )
  }
  return segment
}

/** A path with nothing to decode or to refuse: no percent sign, control character or dot. */
const plain = /^[\w/@:~-]*$/

/**
 * The decoded segments of a path. Dot segments are refused: a vendor's URL is built from segments, and an id of `..`
 * would name another path there.
 * @throws AppError `bad-request` on bad percent-encoding, control characters, broken UTF-8, `.` and `..`.
 */
export const segmentsOf = (path: string): readonly string[] => {
  const segments = path.split('/').filter((segment) => segment !== '')
  return plain.test(path) ? segments : segments.map(checkedSegment)
}
