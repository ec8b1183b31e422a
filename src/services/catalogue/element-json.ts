import { type ConfigField, configOf, isConfigured } from '#src/element/index.ts'
import type { ListedElement } from './listed.ts'
import { laidOver } from './operation-place.ts'
import { postedConfigurationJson, postedOperationJson, postedPartJson } from './posted-json.ts'
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
export const configurationJson = (element: ListedElement) =>
  element.posted === undefined
    ? configOf(element).map(configJson)
    : (element.posted.document.configuration ?? []).map(postedConfigurationJson)

/** The short form of an element, as an instance carries it (spec/contract.md 2.2). */
export const elementSummary = (element: ListedElement) => {
  const { posted } = element
  const type = posted?.document.authentication.type ?? element.auth[0].type
  return {
    id: element.id,
    key: element.key,
    name: element.title,
    hub: element.hub,
    description: element.description,
    active: posted?.active ?? true,
    deleted: false,
    typeOauth: !isConfigured(element.auth[0]),
    authentication: { type },
    protocolType: posted?.document.protocolType ?? 'http',
    private: posted !== undefined,
  }
}

export type ElementSummary = ReturnType<typeof elementSummary>

/** What a document says besides what is known of every element; its lists are shown apart. */
const sentMembers = ({ posted }: ListedElement) => {
  if (posted === undefined) return {}
  const { configuration, parameters, resources, hooks, objects, models, ...rest } = posted.document
  const { clonedFrom } = posted
  return { ...postedPartJson(rest), ...(clonedFrom === undefined ? {} : { clonedFrom: clonedFrom.key }) }
}

/** An element without its lists, as `abridged=true` asks for. */
export const abridgedElement = (element: ListedElement) => {
  const { posted, features } = element
  const sent = posted?.document
  return {
    ...sentMembers(element),
    ...elementSummary(element),
    image: sent?.image ?? '',
    beta: false,
    extended: (element.extension ?? []).length > 0,
    extendable: true,
    cloneable: true,
    trialAccount: false,
    modelType: 'basic',
    apiDocumentationUrl: element.documentationUrl,
    authenticationFrameworks: features.authentication,
    transformationsEnabled: sent?.transformationsEnabled ?? features.transformations,
    bulkDownloadEnabled: sent?.bulkDownloadEnabled ?? features.bulkDownload,
    bulkUploadEnabled: sent?.bulkUploadEnabled ?? features.bulkUpload,
    events: { supported: features.events.length > 0, methods: features.events },
  }
}

/** Every operation of an element as a viewer has it: an own one replaces the element's. */
export const operationsJson = (element: ListedElement) => {
  const { posted, extension = [] } = element
  const below = posted === undefined || posted.clonedFrom !== undefined ? resourcesJson(element) : []
  const above = [...laidOver(posted?.document.resources ?? [], extension)]
  return laidOver(below, above.map(postedOperationJson))
}

/** Of an element's operations those that the viewer's account has added, or of a posted one has said, itself. */
export const ownOperationsJson = ({ posted, extension = [] }: ListedElement) =>
  laidOver(posted?.document.resources ?? [], extension).map(postedOperationJson)

const objectsJson = (element: ListedElement) =>
  element.posted === undefined || element.posted.clonedFrom !== undefined
    ? Object.values(element.resources).map((resource, at) => ({
        id: at + 1,
        name: resource.name,
        vendorName: resource.name,
        primaryKeyName: resource.key,
        bulkDownloadEnabled: element.features.bulkDownload,
      }))
    : (element.posted.document.objects ?? []).map(postedPartJson)

/** The element of the catalogue (spec/contract.md 2.1; spec/behaviour.md 4). No field is null. */
export const elementJson = (element: ListedElement) => {
  const document = element.posted?.document
  return {
    ...abridgedElement(element),
    configuration: configurationJson(element),
    parameters: (document?.parameters ?? []).map(postedPartJson),
    hooks: (document?.hooks ?? []).map(postedPartJson),
    models: (document?.models ?? []).map(postedPartJson),
    resources: [...operationsJson(element)],
    objects: objectsJson(element),
  }
}

/**
 * What can be imported elsewhere: the element as it is, nothing of its instances (spec/contract.md 2.1). With
 * `extendedOnly` just the resources that an account added to it.
 */
export const exportJson = (element: ListedElement, extendedOnly: boolean) =>
  extendedOnly
    ? { ...elementJson(element), resources: (element.extension ?? []).map(postedOperationJson) }
    : elementJson(element)
