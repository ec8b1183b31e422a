import { AppError } from '#src/lib/errors.ts'

/** Where a call goes: what is needed of its URL, as `URL` writes it. */
export interface Place {
  readonly origin: string
  /** Host name with the port, where the URL names one. */
  readonly host: string
  readonly hostname: string
  readonly protocol: string
  readonly pathname: string
  /** `pathname` with the query. */
  readonly path: string
}

type Origin = Omit<Place, 'pathname' | 'path'>

const refuse = (message: string): never => {
  throw new AppError('bad-request', message, { hop: 'amalgam', retryable: false })
}

const parseUrl = (text: string): URL => {
  // The URL itself is not shown: a wrong one may hold anything.
  if (!URL.canParse(text)) return refuse('The address to call is no valid URL.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`The address to call must begin with https:// (not ${url.protocol.slice(0, 20)}).`)
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(`The URL of ${url.host} must not hold a user name or password: send them in a header.`)
  }
  return url
}

const mostOrigins = 1_000

/** A path and query that a URL parser leaves as they are: nothing to encode, no fragment, no dot segment. */
const plain = /^[\w/.~%?&=+:,@!$()*;-]*$/
const mayBeDotSegment = (path: string): boolean => path.includes('/.') || path.includes('/%2')

/**
 * Reads URLs. Calls go to few origins over and over, so an origin is parsed once, and a path that the parser would
 * leave alone is taken as it is.
 */
export const createPlaces = () => {
  const origins = new Map<string, Origin>()

  const parse = (text: string): Place => {
    const { origin, host, hostname, protocol, pathname, search } = parseUrl(text)
    if (origins.size >= mostOrigins) origins.clear()
    origins.set(origin, { origin, host, hostname, protocol })
    return { origin, host, hostname, protocol, pathname, path: `${pathname}${search}` }
  }

  /** @throws AppError `bad-request` for what is no http or https URL, or names a user. */
  return (text: string): Place => {
    const slash = text.indexOf('/', 'https://'.length)
    const known = slash === -1 ? undefined : origins.get(text.slice(0, slash))
    if (known === undefined) return parse(text)
    const path = text.slice(slash)
    if (!plain.test(path) || mayBeDotSegment(path)) return parse(text)
    const { origin, host, hostname, protocol } = known
    const mark = path.indexOf('?')
    // The parser writes no question mark without a query behind it.
    if (mark === path.length - 1) return parse(text)
    return { origin, host, hostname, protocol, pathname: mark === -1 ? path : path.slice(0, mark), path }
  }
}
