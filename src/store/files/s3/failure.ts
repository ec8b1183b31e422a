import { AppError } from '#src/lib/errors.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { S3Reply } from './calls.ts'
import { rootOf, type S3Place, shownPlace } from './place.ts'
import { textOf } from './xml.ts'

/** What the store answered that is no success. */
export class S3Failure extends Error {
  override readonly name = 'S3Failure'
  readonly status: number
  /** As S3 names it, such as `NoSuchBucket`; empty: it did not. */
  readonly code: string
  /** The region in which the bucket is, where the store tells it. */
  readonly region: string | undefined

  constructor(status: number, code: string, words: string, region: string | undefined) {
    super(words)
    this.status = status
    this.code = code
    this.region = region
  }
}

/** Reads an answer that is no success; one to HEAD has no words. */
export const failureOf = ({ status, headers, body, masked }: S3Reply): S3Failure => {
  const xml = body.toString('utf8', 0, 10_000)
  const region = headers['x-amz-bucket-region'] ?? textOf(xml, 'Region')
  return new S3Failure(status, textOf(xml, 'Code') ?? '', masked(textOf(xml, 'Message') ?? ''), region)
}

export const isAbsent = (error: unknown): boolean =>
  error instanceof S3Failure && error.status === 404 && error.code !== 'NoSuchBucket'

const wordsOf = ({ status, code, message }: S3Failure): string =>
  `${status}${code === '' ? '' : ` ${code}`}${message === '' ? '' : `: ${message.slice(0, 300)}`}`

const unavailable = (place: S3Place, words: string, cause: Error): AppError =>
  new AppError(
    'store-unavailable',
    `The store of bulk files (BULK_STORE) at ${new URL(rootOf(place)).host} ${words}`,
    { hop: 'amalgam', retryable: true },
    { cause },
  )

/** A request that got no answer, for people: what waits goes on when the store works again. */
export const unanswered = (place: S3Place, error: unknown): unknown =>
  error instanceof AppError && error.code !== 'stopping'
    ? unavailable(place, `does not answer: ${error.message}`, error)
    : error

/** An answer that is no success, in the middle of the work, for people. */
export const refused = (place: S3Place, error: unknown): unknown =>
  error instanceof S3Failure ? unavailable(place, `answered ${wordsOf(error)}`, error) : error

const permissions =
  's3:ListBucket, s3:ListBucketMultipartUploads, s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload'

const wrongKeys: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
])

const reasonOf = (place: S3Place, failure: S3Failure): string => {
  const { code, status, region } = failure
  const words = wordsOf(failure)
  if (region !== undefined && region !== place.region)
    return `AWS_REGION: the bucket ${place.bucket} is in ${region}, not in ${place.region}. Set AWS_REGION=${region}.`
  if (code === 'NoSuchBucket' || status === 404)
    return `BULK_STORE: ${shownPlace(place)}: there is no such bucket. Make it, or correct the name.`
  if (wrongKeys.has(code))
    return `AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: ${shownPlace(place)} does not take them (${words}). Correct them, and AWS_SESSION_TOKEN where the keys are temporary.`
  if (code === 'RequestTimeTooSkewed')
    return `BULK_STORE: ${shownPlace(place)} says that this machine's clock is wrong (${words}). Set the clock.`
  if (status === 401 || status === 403)
    return `BULK_STORE: ${shownPlace(place)} refuses (${words}). Allow this key ${permissions} there.`
  return `BULK_STORE: ${shownPlace(place)} cannot be used (${words}). Correct BULK_STORE, AWS_REGION or AWS_ENDPOINT_URL_S3.`
}

/** The same at the start, naming the variable and the fix. */
export const notUsable = (place: S3Place, error: unknown): unknown => {
  if (error instanceof S3Failure) return new StartError(reasonOf(place, error), { cause: error })
  if (!(error instanceof AppError) || error.code !== 'store-unavailable') return error
  const { cause } = error
  const words = cause instanceof Error ? cause.message : error.message
  return new StartError(
    `BULK_STORE: ${shownPlace(place)} cannot be reached: ${words} Start the store there, or correct AWS_ENDPOINT_URL_S3 or AWS_REGION.`,
    { cause: error },
  )
}
