import type { DataCentre } from '../data-centres.ts'

/** The applications of the sandbox. Their secrets are public: they open nothing but invented data. */
export interface App {
  readonly id: string
  readonly secret: string
  readonly about: string
  /** The companies that enabled it; error 53 for others. */
  readonly companies: readonly DataCentre[]
  /** Error 60 for others. */
  readonly grants: readonly string[]
  /** Error 107 when not. */
  readonly mayRefresh: boolean
  /** Error 59 when so. */
  readonly disabled: boolean
  /** Whether it is the successor of the old framework's application. */
  readonly ownsLegacy: boolean
}

export const appId = 'amalgam-sandbox'
export const appSecret = 'amalgam-sandbox-secret'

const everyGrant = ['authorization_code', 'refresh_token', 'password', 'client_credentials', 'otp']
const usual = { grants: everyGrant, mayRefresh: true, disabled: false, ownsLegacy: false }

export const apps: readonly App[] = [
  {
    ...{ ...usual, id: appId, secret: appSecret, companies: ['us2', 'eu2'], ownsLegacy: true },
    about: 'may do everything',
  },
  {
    ...{ ...usual, id: 'other-sandbox', secret: 'other-sandbox-secret', companies: ['us2'] },
    about: 'another partner’s: gets 105 and 136 for what was given to the first, 53 for people in eu2',
  },
  {
    ...{ ...usual, id: 'limited-sandbox', secret: 'limited-sandbox-secret', companies: ['us2', 'eu2'] },
    ...{ grants: ['authorization_code', 'refresh_token'], mayRefresh: false },
    about: 'authorization codes only (else 60), may not refresh (107)',
  },
  {
    ...{ ...usual, id: 'disabled-sandbox', secret: 'disabled-sandbox-secret', companies: ['us2', 'eu2'] },
    ...{ disabled: true, about: 'disabled (59)' },
  },
]

export const appById = (id: string): App | undefined => apps.find((app) => app.id === id)

/** The application of a code or token; the records of the first version name none. */
export const clientOf = (record: { readonly client?: string }): string => record.client ?? appId

/** The same application as the old framework knows it; migration leads from one to the other. */
export const legacyKey = 'amalgam-sandbox-legacy'
export const legacySecret = 'amalgam-sandbox-legacy-secret'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Any address on https, or on http of this machine; no fragment. */
export const isRedirectAllowed = (text: string): boolean => {
  if (text.length > 2000 || !URL.canParse(text)) return false
  const url = new URL(text)
  if (url.hash !== '' || text.includes('#') || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname))
}
