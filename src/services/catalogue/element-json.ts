import type { ConfigField, Element, Resource } from '#src/element/index.ts'

const configTypes: Readonly<Record<ConfigField['kind'], string>> = {
  text: 'TEXTFIELD_1000',
  secret: 'PASSWORD',
  choice: 'COMBO',
  boolean: 'BOOLEAN',
}

const configJson = (field: ConfigField, at: number) => ({
  id: at + 1,
  name: field.label,
  key: field.key,
  description: field.description,
  ...(field.defaultValue === undefined ? {} : { defaultValue: field.defaultValue }),
  type: configTypes[field.kind],
  required: field.required,
  active: true,
  internal: false,
  hideFromConsole: false,
  groupControl: false,
  resellerConfig: false,
  companyConfig: false,
  displayOrder: at + 1,
  options: (field.choices ?? []).map((value) => ({ value, description: value })),
})

/** One entry per verb: what is called here, and what that calls at the vendor. */
const resourceJson = (element: Element, resource: Resource) => {
  const collection = `/hubs/${element.hub}/${resource.name}`
  const { search, retrieve, create, update } = resource.verbs
  const rows = [
    { method: 'GET', path: collection, call: search, what: 'Search' },
    { method: 'POST', path: collection, call: create, what: 'Create' },
    { method: 'GET', path: `${collection}/{id}`, call: retrieve, what: 'Get' },
    { method: 'PATCH', path: `${collection}/{id}`, call: update, what: 'Update' },
  ]
  return rows.flatMap(({ method, path, call, what }) =>
    call === undefined
      ? []
      : [
          {
            description: `${what} ${resource.title.toLowerCase()}`,
            path,
            method,
            vendorPath: call.path,
            vendorMethod: call.method,
            type: 'api',
            kind: 'eb',
            objectName: resource.name,
            paginationType: 'VENDOR_SUPPORTED',
          },
        ],
  )
}

/** The short form of an element, as an instance carries it (spec/contract.md 2.2). */
export const elementSummary = (element: Element) => ({
  id: element.id,
  key: element.key,
  name: element.title,
  hub: element.hub,
  description: element.description,
  active: true,
  deleted: false,
  typeOauth: true,
  authentication: { type: 'oauth2' },
  protocolType: 'http',
  private: false,
})

export type ElementSummary = ReturnType<typeof elementSummary>

/** What an element can do, in brief (spec/contract.md 2.1, metadata). */
export const elementMetadata = (element: Element) => ({
  id: element.id,
  key: element.key,
  name: element.title,
  description: element.description,
  active: true,
  beta: false,
  displayOrder: 1,
  authenticationType: 'oauth2',
  authenticationFrameworks: element.features.authentication,
  apiDocumentationUrl: element.documentationUrl,
  transformations: element.features.transformations,
  cloneable: true,
  hub: element.hub,
  events: { supported: element.features.events.length > 0, methods: element.features.events },
  bulk: { upload: element.features.bulkUpload, download: element.features.bulkDownload },
  discovery: {
    customFields: false,
    customObjects: false,
    endpointCustomFields: false,
    endpointCustomObjects: false,
  },
})

/** The element of the catalogue (spec/contract.md 2.1; spec/behaviour.md 4). No field is null. */
export const elementJson = (element: Element) => {
  const resources = Object.values(element.resources).flatMap((resource) => resourceJson(element, resource))
  return {
    ...elementSummary(element),
    image: '',
    beta: false,
    extended: false,
    extendable: true,
    cloneable: true,
    trialAccount: false,
    modelType: 'basic',
    apiDocumentationUrl: element.documentationUrl,
    authenticationFrameworks: element.features.authentication,
    transformationsEnabled: element.features.transformations,
    bulkDownloadEnabled: element.features.bulkDownload,
    bulkUploadEnabled: element.features.bulkUpload,
    events: { supported: element.features.events.length > 0, methods: element.features.events },
    configuration: element.config.map(configJson),
    parameters: [],
    hooks: [],
    resources: resources.map((resource, at) => ({ id: at + 1, ...resource })),
    objects: Object.values(element.resources).map((resource) => ({
      name: resource.name,
      vendorName: resource.name,
      primaryKeyName: resource.key,
      bulkDownloadEnabled: element.features.bulkDownload,
    })),
  }
}
