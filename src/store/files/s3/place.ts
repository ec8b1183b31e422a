/** A bucket, or a part of one, and by whose key it is used. */
export interface S3Place {
  readonly bucket: string
  /** Before every name: empty, or ended by `/`. */
  readonly prefix: string
  readonly region: string
  /** Of a store that speaks S3, such as `https://minio.example.com:9000`; undefined: Amazon's own. */
  readonly endpoint: string | undefined
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string | undefined
  }
}

/** Buckets with dots have no certificate as host names; other stores need no wildcard of names this way. */
const isInPath = ({ bucket, endpoint }: S3Place): boolean => endpoint !== undefined || bucket.includes('.')

const hostOf = ({ region }: S3Place): string =>
  `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`

/** Where its requests go, without a slash at the end. */
export const rootOf = (place: S3Place): string => {
  const { bucket, endpoint } = place
  if (!isInPath(place)) return `https://${bucket}.${hostOf(place)}`
  return `${(endpoint ?? `https://${hostOf(place)}`).replace(/\/+$/, '')}/${bucket}`
}

/** The origin of its requests, as `URL` writes it. */
export const originOf = (place: S3Place): string => new URL(rootOf(place)).origin

/** For people: `s3://bucket/prefix at host`. */
export const shownPlace = (place: S3Place): string =>
  `s3://${place.bucket}/${place.prefix} at ${new URL(rootOf(place)).host}`
