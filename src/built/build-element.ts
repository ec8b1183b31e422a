import type { ElementConfigJson, ElementJson } from '#src/contract/index.ts'
import type { ConfigField, Element, ErrorRule, Path, VendorPort } from '#src/element/index.ts'
import type { Scripts } from '#src/script/index.ts'
import { checkJson } from './check-json.ts'
import { loginOf, saidOf, vendorOf } from './login.ts'
import { type Operation, operationsOf } from './operation.ts'
import { resourcesOf } from './resources.ts'
import { type Built, runOperation } from './run-operation.ts'

/** Whose an element is, and what its hooks run in. */
export interface BuiltOf {
  readonly id: number
  readonly key: string
  readonly organizationId: number
  readonly scripts: Pick<Scripts, 'run'>
}

/** What replies mean where nobody says more (RFC 9110 15). */
const errors: readonly ErrorRule[] = [
  {
    when: { status: 401 },
    as: 'needs-reconnect',
    retry: 'refresh-token',
    fix: 'Connect the instance again.',
  },
  { when: { status: 403 }, as: 'provider-denied', retry: 'never' },
  { when: { status: 404 }, as: 'provider-not-found', retry: 'never' },
  { when: { status: 410 }, as: 'provider-not-found', retry: 'never' },
  { when: { status: 409 }, as: 'provider-conflict', retry: 'never' },
  { when: { status: 429 }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: [400, 499] }, as: 'provider-refused', retry: 'never' },
  { when: { status: [500, 599] }, as: 'provider-failed', retry: 'backoff' },
  { when: {}, as: 'provider-failed', retry: 'never' },
]

/** Where vendors most often say what is wrong. */
const errorWords: readonly Path[] = [
  ['message'],
  ['error_description'],
  ['error', 'message'],
  ['errorMessage'],
  ['detail'],
  ['title'],
  ['error'],
]

const kindOf = (type: string): ConfigField['kind'] => {
  if (type === 'PASSWORD') return 'secret'
  if (type.startsWith('BOOLEAN')) return 'boolean'
  return type === 'COMBO' ? 'choice' : 'text'
}

const secretKeys = new Set(['oauth.api.secret', 'password', 'oauth.user.token', 'oauth.user.refresh_token'])

/** Keys that are told by what the vendor answers, or that the element itself fills. */
const isTold = ({ key, internal }: ElementConfigJson): boolean =>
  internal === true || key === 'oauth.user.token' || key === 'oauth.user.refresh_token'

const configField = (config: ElementConfigJson): ConfigField => {
  const { key, name, description, defaultValue, required, options } = config
  const choices = (options ?? []).map(({ value }) => value)
  const kind = secretKeys.has(key) ? 'secret' : kindOf(config.type?.trim().toUpperCase() ?? '')
  const hasDefault = defaultValue !== undefined && defaultValue !== null && defaultValue !== ''
  return {
    key,
    label: name?.trim() || key,
    kind: kind === 'choice' && choices.length === 0 ? 'text' : kind,
    required: required === true && !hasDefault && !isTold(config),
    description: description?.trim() || name?.trim() || key,
    ...(hasDefault ? { defaultValue: String(defaultValue) } : {}),
    ...(kind === 'choice' && choices.length > 0 ? { choices } : {}),
  }
}

const defaultsOf = (json: ElementJson): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (json.configuration ?? []).flatMap(({ key, defaultValue }): [string, string][] =>
      defaultValue === undefined || defaultValue === null ? [] : [[key, String(defaultValue)]],
    ),
  )

/** Fields that a login asks for although the JSON declares none of them. */
const loginFields: Readonly<
  Record<string, readonly (readonly [key: string, label: string, kind: ConfigField['kind']])[]>
> = {
  basic: [
    ['username', 'User name', 'text'],
    ['password', 'Password', 'secret'],
  ],
  'oauth2-password': [
    ['username', 'User name', 'text'],
    ['password', 'Password', 'secret'],
  ],
  'oauth2-code': [
    ['oauth.api.key', 'API key', 'text'],
    ['oauth.api.secret', 'API secret', 'secret'],
    ['oauth.callback.url', 'Callback URL', 'text'],
  ],
  oauth1: [
    ['oauth.api.key', 'API key', 'text'],
    ['oauth.api.secret', 'API secret', 'secret'],
    ['oauth.callback.url', 'Callback URL', 'text'],
  ],
}

const configOf = (json: ElementJson, login: string): readonly ConfigField[] => {
  const own = (json.configuration ?? []).filter(({ active }) => active !== false).map(configField)
  const missing = (loginFields[login] ?? []).filter(([key]) => !own.some((field) => field.key === key))
  return [
    ...own,
    ...missing.map(
      ([key, label, kind]): ConfigField => ({ key, label, kind, required: true, description: label }),
    ),
  ]
}

/** What is configured, with what was found meanwhile. */
const knowing = (port: VendorPort, found: Readonly<Record<string, string>>): VendorPort => ({
  ...port,
  configured: (key) => (Object.hasOwn(found, key) ? found[key] : port.configured(key)),
  configuration: () => ({ ...port.configuration(), ...found }),
})

/** A login is tried by the resources that the JSON has for it; what they tell goes into the configuration. */
const verifyOf = (built: Built, steps: readonly Operation[]): Pick<Element, 'verify'> =>
  steps.length === 0
    ? {}
    : {
        verify: async (port) => {
          const asked = { path: {}, query: {}, headers: {}, body: undefined, where: null }
          let found: Readonly<Record<string, string>> = {}
          for (const step of steps) {
            const { last } = await runOperation(built, step, knowing(port, found), asked)
            found = { ...found, ...last.configuration }
          }
          return found
        },
      }

/**
 * Makes an element of its JSON (spec/contract.md 2.1).
 * @throws AppError `bad-request` naming the member that is wrong or cannot be run here, such as `protocolType`.
 */
export const buildElement = (json: ElementJson, { id, key, organizationId, scripts }: BuiltOf): Element => {
  checkJson(json)
  const defaults = defaultsOf(json)
  const said = saidOf(json, defaults)
  const auth = loginOf(json, said)
  const operations = operationsOf(json)
  const hooks = { scripts, organizationId, owner: `element/${organizationId}/${id}` }
  const built = { elementKey: key, operations: operations.all, defaults, hooks }
  const { resources, paths } = resourcesOf(json, built, operations.ofHub)
  const lists = Object.values(resources).some(({ verbs }) => verbs.search !== undefined)
  return {
    key,
    id,
    formerIds: [],
    hub: json.hub?.trim() || 'general',
    title: json.name,
    description: json.description?.trim() || json.name,
    documentationUrl: '',
    features: {
      transformations: json.transformationsEnabled !== false,
      bulkDownload: json.bulkDownloadEnabled !== false && lists,
      bulkUpload: json.bulkUploadEnabled !== false,
      events: lists ? ['polling'] : [],
      authentication: [json.authentication.type],
    },
    config: configOf(json, auth.kind),
    auth: [auth],
    vendor: vendorOf(said),
    errors,
    errorWords,
    resources,
    ...(paths.length === 0 ? {} : { paths }),
    readsSecrets: true,
    ...verifyOf(built, [
      ...operations.ofType('onProvision'),
      ...operations.ofType('provisionAuthValidation'),
    ]),
    connect: { siteField: 'base.url', sites: [], limits: [] },
  }
}
