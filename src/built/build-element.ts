import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import { badInput, type Element, type Resource } from '#src/element/index.ts'
import type { Scripts } from '#src/script/index.ts'

/** Whose an element is, and what its hooks run in. */
export interface BuiltOf {
  readonly id: number
  readonly key: string
  readonly organizationId: number
  readonly scripts: Pick<Scripts, 'run'>
}

const partOf = (path: string): readonly string[] =>
  path
    .replace(/^\/hubs\/[^/]+/, '')
    .split('/')
    .slice(1)

const call = (operation: ElementOperationJson) => ({
  method: (operation.vendorMethod ?? operation.method) as 'GET',
  path: operation.vendorPath ?? `/${partOf(operation.path).join('/')}`,
})

const resourceOf = (name: string, operations: readonly ElementOperationJson[]): Resource => {
  const at = (method: string, isItem: boolean) =>
    operations.find((one) => one.method === method && partOf(one.path).length === (isItem ? 2 : 1))
  const search = at('GET', false)
  const retrieve = at('GET', true)
  const create = at('POST', false)
  return {
    name,
    title: name,
    key: 'id',
    fields: {},
    keepUnknown: true,
    verbs: {
      ...(search === undefined
        ? {}
        : { search: { ...call(search), rows: search.rootKey?.replace(/^\|/, '') || null } }),
      ...(retrieve === undefined ? {} : { retrieve: call(retrieve) }),
      ...(create === undefined
        ? {}
        : { create: { ...call(create), newId: { kind: 'field', name: 'id' } as const } }),
    },
    page: { kind: 'none' },
    filterStyle: { kind: 'parameters' },
    filters: [],
    source: 'posted',
  }
}

/**
 * Makes an element of its JSON (spec/contract.md 2.1).
 * @throws AppError `bad-request` naming the member that is wrong or cannot be run here, such as `protocolType`.
 */
export const buildElement = (json: ElementJson, of: BuiltOf): Element => {
  const configured = (key: string): string =>
    String(json.configuration?.find((one) => one.key === key)?.defaultValue ?? '')
  const apiUrl = configured('base.url')
  if (!URL.canParse(apiUrl)) throw badInput(`configuration: base.url: '${apiUrl}' is no address.`)
  const operations = json.resources ?? []
  const names = [...new Set(operations.map(({ path }) => partOf(path)[0] ?? ''))]
  const site = { key: 'site', authorizeUrl: apiUrl, tokenUrl: apiUrl, apiUrl, pkce: false }
  return {
    key: of.key,
    id: of.id,
    formerIds: [],
    hub: json.hub ?? 'general',
    title: json.name,
    description: json.description ?? '',
    documentationUrl: '',
    features: {
      transformations: true,
      bulkDownload: true,
      bulkUpload: true,
      events: [],
      authentication: ['OAuth 2.0'],
    },
    config: (json.configuration ?? []).map((one) => ({
      key: one.key,
      label: one.name ?? one.key,
      kind: one.type === 'PASSWORD' ? 'secret' : 'text',
      required: false,
      description: one.description ?? '',
      ...(one.defaultValue === null || one.defaultValue === undefined || one.defaultValue === ''
        ? {}
        : { defaultValue: String(one.defaultValue) }),
    })),
    auth: [
      {
        kind: 'oauth2-code',
        type: json.authentication.type,
        title: 'OAuth 2.0',
        principal: 'user',
        about: '',
        who: '',
        scheme: 'Bearer',
        authorizePath: '/authorize',
        tokenPath: new URL(configured('oauth.token.url') || `${apiUrl}/token`).pathname,
        refusals: [],
        scopes: [],
        scopeSeparator: ' ',
        steps: [],
      },
    ],
    vendor: {
      siteOf: () => site,
      isOwnUrl: (url) => url.origin === new URL(apiUrl).origin,
      correlationHeader: 'x-request-id',
      headers: {},
    },
    errors: [
      { when: { status: 404 }, as: 'provider-not-found', retry: 'never' },
      { when: {}, as: 'provider-failed', retry: 'never' },
    ],
    errorWords: [],
    resources: Object.fromEntries(
      names.map((name) => [
        name,
        resourceOf(
          name,
          operations.filter(({ path }) => partOf(path)[0] === name),
        ),
      ]),
    ),
    connect: { siteField: '', sites: [], limits: [] },
  }
}
