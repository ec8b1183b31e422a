import { type Answer, ask, platform } from './client.ts'
import type { Member } from './product.ts'

type Document = Readonly<Record<string, unknown>>

/** An element of the orchard's API as Cloud Elements writes it: OAuth 2, trees listed and read. */
export const orchardElement = (vendorUrl: string, over: Document = {}): Document => ({
  name: 'Acme Orchard',
  key: 'acmeorchard',
  description: 'Trees and what they carry.',
  hub: 'farming',
  authentication: { type: 'oauth2' },
  configuration: [
    { key: 'base.url', name: 'Base URL', type: 'TEXTFIELD_1000', defaultValue: vendorUrl },
    { key: 'oauth.token.url', name: 'Token URL', type: 'TEXTFIELD_1000', defaultValue: `${vendorUrl}/token` },
    { key: 'oauth.authorization.url', name: 'Authorization URL', defaultValue: `${vendorUrl}/authorize` },
    { key: 'oauth.api.key', name: 'API key', type: 'TEXTFIELD_1000', required: true },
    { key: 'oauth.api.secret', name: 'API secret', type: 'PASSWORD', required: true },
    { key: 'oauth.callback.url', name: 'Callback URL', required: false },
  ],
  parameters: [
    {
      name: 'oauth.user.token',
      type: 'configuration',
      vendorName: 'Authorization',
      vendorType: 'header',
      source: 'request',
      required: true,
    },
  ],
  resources: [
    {
      ...{ path: '/trees', method: 'GET', vendorPath: '/v1/trees', vendorMethod: 'GET' },
      ...{ description: 'Search trees', type: 'api', rootKey: '|items', objectName: 'trees' },
      paginationType: 'NO_PAGINATION',
    },
    {
      ...{ path: '/trees/{id}', method: 'GET', vendorPath: '/v1/trees/{id}', vendorMethod: 'GET' },
      ...{ description: 'Read a tree', type: 'api', objectName: 'trees' },
      parameters: [{ name: 'id', vendorName: 'id', type: 'path', vendorType: 'path', source: 'request' }],
    },
  ],
  objects: [{ name: 'trees', vendorName: 'trees', primaryKeyName: 'id' }],
  ...over,
})

interface Place {
  readonly url: string
}

/** Platform calls of one member, to any path below the API's base. */
export const asMember =
  (product: Place, member: Member) =>
  (method: string, path: string, body?: unknown, query: Readonly<Record<string, string>> = {}) =>
    ask(`${product.url}${path}`, {
      method,
      headers: platform(member),
      query,
      ...(body === undefined ? {} : { body }),
    })

/** An instance of a posted element, connected by a refresh token that its customer has already. */
export const connectTo = (product: Place, member: Member, key: string): Promise<Answer> =>
  asMember(product, member)('POST', '/instances', {
    name: `An instance of ${key}`,
    element: { key },
    externalAuthentication: 'initial',
    configuration: {
      'oauth.api.key': 'key',
      'oauth.api.secret': 'secret',
      'oauth.callback.url': 'http://127.0.0.1:9/callback',
      'oauth.user.refresh_token': 'orchard-refresh',
    },
  })
