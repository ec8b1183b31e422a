import type { Element, Resource } from '#src/element/index.ts'
import { connectJson } from './connect-json.ts'
import { type Operation, operationsOf } from './operations.ts'

const operationNames: Readonly<Record<Operation['verb'], string>> = {
  search: 'SEARCH',
  create: 'CREATE',
  retrieve: 'RETRIEVE',
  update: 'UPDATE',
  replace: 'UPDATE',
  remove: 'DELETE',
  updateAll: 'UPDATE',
  removeAll: 'DELETE',
  act: 'ACTION',
  upload: 'CREATE',
  readContent: 'RETRIEVE',
  writeContent: 'UPDATE',
}

/** Whether changes of a resource are found by asking for them again and again. */
const isPollable = (element: Element, resource: Resource): boolean =>
  element.features.events.includes('polling') && resource.changes !== undefined

const pollable = (element: Element): readonly Resource[] =>
  Object.values(element.resources).filter((resource) => isPollable(element, resource))

const eventsJson = (element: Element) => {
  const polled = pollable(element)
  return {
    supported: element.features.events.length > 0,
    methods: element.features.events,
    ...(polled.length === 0
      ? {}
      : { polling: Object.fromEntries(polled.map(({ name, key }) => [name, { idField: key }])) }),
  }
}

/** What an element can do, in brief (spec/behaviour.md 4, metadata). */
export const elementMetadata = (element: Element) => ({
  id: element.id,
  key: element.key,
  name: element.title,
  description: element.description,
  active: true,
  beta: false,
  displayOrder: 1,
  authenticationType: element.auth[0].type,
  authenticationFrameworks: element.features.authentication,
  apiDocumentationUrl: element.documentationUrl,
  transformations: element.features.transformations,
  cloneable: true,
  hub: element.hub,
  events: eventsJson(element),
  bulk: { upload: element.features.bulkUpload, download: element.features.bulkDownload },
  discovery: {
    customFields: false,
    customObjects: false,
    endpointCustomFields: false,
    endpointCustomObjects: false,
  },
})

const resourceMetadata = (element: Element, resource: Resource) => {
  const polled = isPollable(element, resource)
  const { bulkUpload, bulkDownload } = element.features
  const { create, search } = resource.verbs
  return {
    canonicalName: resource.name,
    title: resource.title,
    operations: operationsOf(resource).map(({ verb }) => operationNames[verb]),
    events: {
      supported: polled,
      methods: polled ? ['polling'] : [],
      eventTypes: polled ? ['CREATED', 'UPDATED'] : [],
    },
    bulk: {
      upload: { supported: bulkUpload && create !== undefined, native: false },
      download: { supported: bulkDownload && search !== undefined, native: false },
    },
    customField: { get: false, create: false, update: false, delete: false },
  }
}

/** Metadata with a row for each resource (spec/behaviour.md 4, `expand=true`). */
export const expandedMetadata = (element: Element) => ({
  ...elementMetadata(element),
  image: '',
  elementType: 'api',
  normalizedPaging: true,
  swaggerValidated: true,
  api: { type: 'REST', contentType: 'application/json' },
  resources: Object.values(element.resources).map((resource) => resourceMetadata(element, resource)),
  connect: connectJson(element),
})
