import { type ConfigField, configOf, type Element, isConfigured } from '#src/element/index.ts'
import { resourcesJson } from './resource-json.ts'

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

/** The configuration keys of an element's instances (spec/behaviour.md 4). */
export const configurationJson = (element: Element) => configOf(element).map(configJson)

/** The short form of an element, as an instance carries it (spec/contract.md 2.2). */
export const elementSummary = (element: Element) => ({
  id: element.id,
  key: element.key,
  name: element.title,
  hub: element.hub,
  description: element.description,
  active: true,
  deleted: false,
  typeOauth: !isConfigured(element.auth[0]),
  authentication: { type: element.auth[0].type },
  protocolType: 'http',
  private: false,
})

export type ElementSummary = ReturnType<typeof elementSummary>

/** An element without its lists, as `abridged=true` asks for. */
export const abridgedElement = (element: Element) => ({
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
})

/** The element of the catalogue (spec/contract.md 2.1; spec/behaviour.md 4). No field is null. */
export const elementJson = (element: Element) => ({
  ...abridgedElement(element),
  configuration: configurationJson(element),
  parameters: [],
  hooks: [],
  models: [],
  resources: resourcesJson(element),
  objects: Object.values(element.resources).map((resource) => ({
    name: resource.name,
    vendorName: resource.name,
    primaryKeyName: resource.key,
    bulkDownloadEnabled: element.features.bulkDownload,
  })),
})

/**
 * What can be imported elsewhere: the element as it is, nothing of its instances (spec/contract.md 2.1). With
 * `extendedOnly` just the resources that an account added to it; a catalogue element has none of its own.
 */
export const exportJson = (element: Element, extendedOnly: boolean) =>
  extendedOnly ? { ...elementJson(element), resources: [] } : elementJson(element)
