import { createHash } from 'node:crypto'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import type { S3Place } from './place.ts'

interface Unsigned {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | undefined
}

/** Signs a request: gives its headers. */
export type Sign = (request: Unsigned) => Promise<Readonly<Record<string, string>>>

const loadPackage = () => import('aws4fetch')

const hashOf = (body: Uint8Array | undefined): string =>
  createHash('sha256')
    .update(body ?? '')
    .digest('hex')

/**
 * Signs requests to S3 by Signature Version 4, their bodies included.
 * @param load gives the package that knows how; it is an optional one.
 * @throws StartError where it is not installed.
 */
export const createSign = async (
  { region, credentials }: S3Place,
  load: typeof loadPackage = loadPackage,
): Promise<Sign> => {
  const { AwsV4Signer } = await load().catch((error: unknown) => {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new StartError(
      'BULK_STORE: S3 needs the npm package aws4fetch, an optional one that was left out of this installation. Run "npm ci --include=optional", or leave BULK_STORE empty.',
      { cause: error },
    )
  })
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
  const cache = new Map<string, ArrayBuffer>()
  return async ({ method, url, headers = {}, body }) => {
    const signer = new AwsV4Signer({
      ...{ method, url, service: 's3', region, cache, ...keys },
      headers: { ...headers, 'x-amz-content-sha256': hashOf(body) },
    })
    const { headers: signed } = await signer.sign()
    return Object.fromEntries(signed)
  }
}
