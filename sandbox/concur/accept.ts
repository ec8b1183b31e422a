/**
 * Which media type a v3 reply is written in.
 * Follows: developer.concur.com, v3 conventions (JSON or XML by `Accept`); RFC 9110 section 12.5.1 for
 * q values and for the most specific range winning. Verified: 2026-08
 *
 * Decided here, because the pages leave it open: without `Accept`, with any type (star slash star), with
 * equal wishes and with types that we cannot write (nothing documents 406), the reply is JSON.
 */
export type ReplyFormat = 'application/json' | 'application/xml' | 'text/xml'

/** In the order of our own preference. */
const formats: readonly ReplyFormat[] = ['application/json', 'application/xml', 'text/xml']

interface Range {
  readonly type: string
  readonly quality: number
}

const readRange = (text: string): Range[] => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
  // A range that cannot be read asks for nothing.
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? [{ type, quality: Number(quality) }] : []
}

/** The old login framework's own choice is XML. */
const xmlFirst: readonly ReplyFormat[] = ['application/xml', 'text/xml', 'application/json']

const qualityOf = (format: ReplyFormat, ranges: readonly Range[]): number => {
  const family = `${format.slice(0, format.indexOf('/'))}/*`
  for (const wanted of [format, family, '*/*']) {
    const range = ranges.find(({ type }) => type === wanted)
    if (range !== undefined) return range.quality
  }
  return 0
}

/** The format for an `Accept` header; undefined stands for no header. Equal wishes: JSON, or XML when told so. */
export const replyFormat = (accept: string | undefined, own: 'json' | 'xml' = 'json'): ReplyFormat => {
  const ranges = (accept ?? '').split(',').flatMap(readRange)
  const order = own === 'xml' ? xmlFirst : formats
  let best: ReplyFormat = own === 'xml' ? 'application/xml' : 'application/json'
  let bestQuality = qualityOf(best, ranges)
  for (const format of order) {
    const quality = qualityOf(format, ranges)
    if (quality > bestQuality) {
      best = format
      bestQuality = quality
    }
  }
  return best
}
