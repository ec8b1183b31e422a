import { StartError } from '#src/lib/start-error.ts'
import type { S3Place } from '#src/store/index.ts'

type Bucket = Pick<S3Place, 'bucket' | 'prefix'>

/** Names of buckets as Amazon allows them; of prefixes the characters that stand in an address as they are. */
const form = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.-]+(?:\/[\w.-]+)*))?\/?$/

/** Reads BULK_STORE. @throws Error that says what it takes. */
export const parseBulkStore = (text: string): Bucket => {
  const [, bucket, prefix = ''] = form.exec(text) ?? []
  if (bucket === undefined || prefix.split('/').some((part) => /^\.+$/.test(part)))
    throw new Error('allowed is s3://bucket or s3://bucket/prefix, of letters, digits, -, _ and .')
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` }
}

interface Values {
  readonly BULK_STORE?: Bucket | undefined
  readonly AWS_REGION: string
  readonly AWS_ENDPOINT_URL_S3?: string | undefined
  readonly AWS_ACCESS_KEY_ID?: string | undefined
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined
  readonly AWS_SESSION_TOKEN?: string | undefined
}

/**
 * The store of bulk files as its variables say; those of Amazon's own count with BULK_STORE alone.
 * @throws StartError naming what is missing.
 */
export const readBulkStore = (values: Values): S3Place | undefined => {
  const { BULK_STORE: where, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = values
  if (where === undefined) return undefined
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new StartError(
      'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: missing. BULK_STORE needs both: a key that may use the bucket.',
    )
  return {
    ...where,
    region: values.AWS_REGION,
    endpoint: values.AWS_ENDPOINT_URL_S3,
    credentials: { accessKeyId, secretAccessKey, sessionToken: values.AWS_SESSION_TOKEN },
  }
}
