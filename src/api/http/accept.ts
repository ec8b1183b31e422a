import { AppError } from '#src/lib/errors.ts'

interface Range {
  /** 0 for any type, 1 for `application/*`, 2 for JSON by name: the more special range decides. */
  readonly rank: number
  readonly quality: number
}

const rankOf = (type: string): number | undefined => {
  if (type === '*/*' || type === '*') return 0
  if (type === 'application/*') return 1
  return /^application\/([^/]+\+)?json$/.test(type) ? 2 : undefined
}

const qualityOf = (parameters: readonly string[]): number => {
  const told = parameters
    .map((one) => /^\s*q\s*=\s*([0-9.]+)\s*$/i.exec(one)?.[1])
    .find((one) => one !== undefined)
  const quality = Number(told ?? 1)
  return Number.isNaN(quality) ? 1 : quality
}

const rangesIn = (header: string): readonly Range[] =>
  header.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';')
    const rank = rankOf(type.trim().toLowerCase())
    return rank === undefined ? [] : [{ rank, quality: qualityOf(parameters) }]
  })

/**
 * Refuses a call whose Accept header leaves out JSON (RFC 9110 section 12.5.1). An absent or blank header takes all.
 * @throws AppError `not-acceptable`
 */
export const requireJsonAccepted = (accept: string | undefined): void => {
  if (accept === undefined || accept === '*/*' || accept === 'application/json' || accept.trim() === '')
    return
  const ranges = rangesIn(accept)
  const best = Math.max(...ranges.map(({ rank }) => rank))
  if (ranges.some(({ rank, quality }) => rank === best && quality > 0)) return
  throw new AppError(
    'not-acceptable',
    'Accept: the answer is JSON. Send application/json or */*, or leave the header out.',
  )
}
