import { AppError } from '#src/lib/errors.ts'

/** What a document can be asked for (spec/behaviour.md 9). */
export interface DocsOptions {
  /** A full URL; sets host and schemes. Absent: the document belongs to the host that serves it. */
  readonly baseUrl?: string | undefined
  /** `aws`: as an AWS gateway publishes it. Others change nothing. */
  readonly provider?: string | undefined
  /** Only this operation, such as `GET-reports`. */
  readonly operationId?: string | undefined
  /** References are replaced by what they refer to. */
  readonly resolveReferences?: boolean | undefined
}

/** Where the calls of a document go. */
export interface Place {
  readonly host?: string
  readonly scheme?: string
  readonly basePath: string
  /** Calls carry the key of an AWS gateway. */
  readonly hasApiKey: boolean
}

const apiPath = '/elements/api-v2'
const awsHost = 'aws-api.cloud-elements.com'

const parsedBase = (baseUrl: string): URL => {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new AppError('bad-request', 'baseUrl: a full URL such as https://api.app.example')
}

/** @throws AppError `bad-request` on a baseUrl that is no URL of the web. */
export const placeOf = ({ baseUrl, provider }: DocsOptions): Place => {
  const base = baseUrl === undefined ? undefined : parsedBase(baseUrl)
  if (provider?.trim().toLowerCase() === 'aws') {
    return { host: awsHost, scheme: 'https', basePath: '/', hasApiKey: true }
  }
  if (base === undefined) return { basePath: apiPath, hasApiKey: false }
  return { host: base.host, scheme: base.protocol.slice(0, -1), basePath: apiPath, hasApiKey: false }
}
