import { expect } from 'vitest'
import { ask, platform } from './client.ts'
import { type Connected, connected } from './grants.ts'
import type { Product } from './product.ts'

/** Posts the element, and connects it. */
export const connectMadeUp = async (
  product: Product,
  element: object,
  more: Readonly<Record<string, string>> = {},
): Promise<Connected> => {
  const { url, admin } = product
  const headers = platform(admin)
  const posted = await ask(`${url}/elements`, { headers, body: element })
  expect(posted.status, posted.text).toBe(200)
  const configuration = { key: 'opensesame', ...more }
  const body = { name: 'Mine', element: { key: posted.json.key }, configuration }
  return connected(product, admin, await ask(`${url}/instances`, { headers, body }))
}

/** A parameter of element JSON that goes from the query to the vendor's query. */
const query = (name: string, vendorName: string, more: object = {}) => ({
  ...{ name, vendorName, type: 'query', vendorType: 'query', source: 'request' },
  ...{ dataType: 'string', vendorDataType: 'string', required: false },
  ...more,
})

const id = {
  name: 'id',
  vendorName: 'id',
  type: 'path',
  vendorType: 'path',
  source: 'request',
  required: true,
}
const body = {
  name: 'body',
  vendorName: 'body',
  type: 'body',
  vendorType: 'body',
  source: 'request',
  required: true,
}

const onPerson = (method: string) => ({
  ...{ path: '/hubs/crm/people/{id}', vendorPath: '/v1/people/{id}', method, vendorMethod: method },
  ...{ type: 'api', rootKey: 'person|person', objectName: 'people', description: `${method} a person` },
  parameters: method === 'GET' || method === 'DELETE' ? [id] : [id, body],
})

/** The JSON of the made-up vendor's element, as it would be posted. */
export const madeUpElement = (baseUrl: string) => ({
  name: 'Made Up',
  description: 'People of a vendor that nobody has heard of.',
  hub: 'crm',
  authentication: { type: 'custom' },
  configuration: [
    {
      ...{ key: 'base.url', name: 'Base URL', type: 'TEXTFIELD_1000', defaultValue: baseUrl, required: true },
      ...{ description: 'Where the vendor is.', active: true, hideFromConsole: true },
    },
    { key: 'key', name: 'Key', description: 'The key.', type: 'PASSWORD', required: true, active: true },
    {
      key: 'pagination.max',
      name: 'Most rows',
      description: 'Of a page.',
      defaultValue: '3',
      type: 'TEXTFIELD_32',
    },
  ],
  parameters: [
    { name: 'key', vendorName: 'x-api-key', type: 'configuration', vendorType: 'header', source: 'request' },
  ],
  resources: [
    {
      ...{
        description: 'Try the key',
        path: '/trial',
        vendorPath: '/v1/me',
        method: 'GET',
        vendorMethod: 'GET',
      },
      type: 'provisionAuthValidation',
    },
    {
      ...{ description: 'Search people', path: '/people', vendorPath: '/v1/people', method: 'GET' },
      ...{
        vendorMethod: 'GET',
        type: 'api',
        rootKey: '|data.people',
        nextPageKey: 'body.paging.next?cursor',
      },
      ...{ paginationType: 'VENDOR_SUPPORTED', objectName: 'people' },
      parameters: [
        query('where', 'converter:toQueryParameters', { converter: 'toQueryParameters' }),
        query('pageSize', 'limit'),
        query('nextPage', 'cursor'),
        query('town', 'town'),
      ],
    },
    {
      ...{ description: 'Create a person', path: '/people', vendorPath: '/v1/people', method: 'POST' },
      ...{ vendorMethod: 'POST', type: 'api', rootKey: 'person|person', objectName: 'people' },
      parameters: [body],
      hooks: [
        {
          ...{ type: 'preRequest', mimeType: 'application/javascript', isLegacy: false },
          body: `const { person } = request_vendor_body
            done({ request_vendor_body: { person: { ...person, note: person.note || 'made by ' + meta_data.elementKey } } })`,
        },
        {
          ...{ type: 'postRequest', mimeType: 'application/javascript', isLegacy: false },
          body: `if (response_iserror) done({ continue: true })
            else done({ response_body: { person: { ...response_body.person, seen: response_status_code } } })`,
        },
      ],
    },
    ...['GET', 'PATCH', 'DELETE'].map(onPerson),
    {
      ...{
        description: 'Notes',
        path: '/people/{id}/notes',
        vendorPath: '/v1/people/{id}/notes',
        method: 'GET',
      },
      ...{ vendorMethod: 'GET', type: 'api', paginationType: 'VENDOR_NOT_SUPPORTED' },
      parameters: [id],
    },
    {
      ...{ description: 'By number', path: '/numbered', vendorPath: '/v1/numbered', method: 'GET' },
      ...{ vendorMethod: 'GET', type: 'api', paginationType: 'VENDOR_SUPPORTED' },
      parameters: [query('pageSize', 'per_page'), query('page', 'offset')],
    },
    {
      ...{ description: 'Who the key is', path: '/me', vendorPath: '/v1/me', method: 'GET' },
      ...{ vendorMethod: 'GET', type: 'api', paginationType: 'NO_PAGINATION' },
    },
  ],
  objects: [
    {
      ...{ name: 'people', vendorName: 'people', primaryKeyName: 'personId', updatedDateName: 'changedAt' },
      ...{ bulkDownloadEnabled: true, eventsEnabled: true },
      fields: [
        { name: 'personId', type: 'string' },
        { name: 'name', type: 'string' },
        { name: 'city', type: 'string' },
        { name: 'age', type: 'integer' },
        { name: 'note', type: 'string' },
        { name: 'changedAt', type: 'datetime' },
      ],
    },
  ],
})
