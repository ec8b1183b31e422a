import { type Database, openDatabase } from '#src/store/index.ts'
import { type Answer, type AskOptions, ask, callbackUrl, consent, hub, platform } from './client.ts'
import { type EchoingVendor, startEchoingVendor } from './echoing-vendor.ts'
import { type Product, startProduct } from './product.ts'

/** Texts that are secret only because their owner says so. */
export const given = {
  requestToken: 'at-planted-request-token-000001',
  configuredPassword: 'planted/password+of configuration 2',
  wrongPassword: 'planted-wrong-password-3',
  wrongSecret: 'planted-wrong-client-secret-4',
  wrongCode: 'planted-wrong-code-5',
  cookie: 'planted-cookie-value-6',
  basicPassword: 'planted-basic-password-7',
  wrongBearer: 'planted-bearer-8',
  headerToken: 'planted-header-token-9',
  badJson: 'planted-in-broken-json-10',
  hostilePassword: 'planted-hostile-password-11',
  queryValue: 'planted-query-value-12',
  queryKey: 'planted-api-secret-in-query-13',
  wireBytes: 'planted-on-the-wire-14',
  newPassword: 'planted-new-password-15',
  broughtToken: 'planted-brought-refresh-token-16',
  personPassword: 'planted-password-of-a-person-17',
  oldCode: 'planted-code-of-the-old-framework-18',
  apiSecret: 'amalgam-sandbox-secret',
} as const

/** A reply, as whoever reads it sees it. */
export interface Heard {
  /** `GET /reports 200` */
  readonly call: string
  readonly status: number
  readonly head: string
  readonly body: string
}

/** A product whose vendor repeats what it is sent, all that was heard of it, and what it wrote to its log. */
export interface PlantedStage {
  readonly product: Product
  readonly vendor: EchoingVendor
  readonly db: Database
  readonly heard: Heard[]
  readonly logged: readonly string[]
  /** The one instance that calls go to, and who may log in. */
  readonly own: { bearer: string; token: string; instanceId: number }
  readonly say: (path: string, options?: AskOptions) => Promise<Answer>
  readonly owner: () => Record<string, string>
  readonly onHub: () => Record<string, string>
  readonly reports: (query?: Readonly<Record<string, string>>) => Promise<Answer>
  readonly provision: (
    more: Readonly<Record<string, string>>,
    providerData: Readonly<Record<string, unknown>>,
  ) => Promise<Answer>
  /** A code of a fresh consent. */
  readonly code: () => Promise<string>
  readonly faults: (...list: readonly object[]) => Promise<Answer>
  /** Every access token ends. */
  readonly endTokens: () => Promise<Answer>
  readonly close: () => Promise<void>
}

export const configuration = {
  'oauth.api.key': 'amalgam-sandbox',
  'oauth.api.secret': given.apiSecret,
  'oauth.callback.url': callbackUrl,
}

export const startPlantedStage = async (): Promise<PlantedStage> => {
  const logged: string[] = []
  const heard: Heard[] = []
  const own = { bearer: '', token: '', instanceId: 0 }
  const vendor = await startEchoingVendor()
  const product = await startProduct({
    environment: {
      SANDBOX_PORT: String(vendor.port),
      LOG_LEVEL: 'trace',
      QUERY_MAX_SECONDS: '1',
      ALLOW_PASSWORD_GRANT: 'true',
    },
    logTo: { write: (line) => logged.push(line) },
  })
  vendor.passTo(product.sandbox.port)
  const db = await openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 1, connectTimeoutMs: 5000 },
  )
  const owner = () => platform(product.admin)
  const onHub = () => hub(product.admin, own.token)

  const say = async (path: string, options: AskOptions = {}): Promise<Answer> => {
    const method = options.method ?? (options.body === undefined ? 'GET' : 'POST')
    const answer = await ask(`${product.url}${path}`, options)
    heard.push({
      call: `${method} ${path.split('?')[0]} ${answer.status}`,
      status: answer.status,
      head: JSON.stringify(answer.headers),
      body: answer.text,
    })
    return answer
  }

  return {
    ...{ product, vendor, db, heard, logged, own, say, owner, onHub },
    reports: (query = {}) => say('/reports', { headers: onHub(), query: { pageSize: '1', ...query } }),
    provision: (more, providerData) =>
      say('/instances', {
        headers: owner(),
        body: {
          name: 'Planted',
          element: { key: 'concur' },
          configuration: { ...configuration, ...more },
          providerData,
        },
      }),
    code: async () => (await consent(product, product.admin)).searchParams.get('code') ?? '',
    faults: (...list) => ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: list }),
    endTokens: () => ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: 3_700 } }),
    close: async () => {
      await db.close()
      await product.close()
      await vendor.close()
    },
  }
}
