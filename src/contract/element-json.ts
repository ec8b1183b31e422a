import { z } from 'zod'

/** What Cloud Elements leaves out it also writes as null. */
const text = z.string().nullish()
const flag = z.boolean().nullish()
const id = z.number().int().nullish()
const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish()

/** A configuration key of an element (spec/contract.md 2.1). */
export const ElementConfigJson = z.looseObject({
  id,
  key: z.string().min(1),
  name: text,
  description: text,
  defaultValue: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  type: text,
  required: flag,
  active: flag,
  internal: flag,
  hideFromConsole: flag,
  groupControl: flag,
  resellerConfig: flag,
  companyConfig: flag,
  displayOrder: z.number().nullish(),
  options: list(z.looseObject({ value: z.string(), description: text })),
})

/** The same, its key told by the path. */
export const ElementConfigPutJson = ElementConfigJson.partial({ key: true })

/** How a value goes from a caller to the vendor, or from the vendor's reply to the configuration. */
export const ElementParameterJson = z.looseObject({
  id,
  name: z.string(),
  vendorName: text,
  description: text,
  type: z.string(),
  vendorType: text,
  dataType: text,
  vendorDataType: text,
  source: text,
  required: flag,
  converter: text,
  sampleData: z.unknown().optional(),
})

export const ElementHookJson = z.looseObject({
  id,
  type: z.string(),
  body: z.string(),
  isLegacy: flag,
  mimeType: text,
})

/** The shape of a resource's bodies, as Swagger 2.0 definitions. */
export const ResourceModelJson = z.looseObject({
  id,
  name: text,
  swagger: z.unknown().optional(),
  requestName: text,
  requestSwagger: z.unknown().optional(),
})

/** One operation: a method on a path of the hub, and what is asked of the vendor for it. */
export const ElementOperationJson = z.looseObject({
  id,
  description: text,
  path: z.string().min(1),
  method: z.string().min(1),
  vendorPath: text,
  vendorMethod: text,
  type: text,
  rootKey: text,
  nextPageKey: text,
  nextResource: text,
  paginationType: text,
  objectName: text,
  kind: text,
  operationId: text,
  parameters: list(ElementParameterJson),
  hooks: list(ElementHookJson),
  model: ResourceModelJson.nullish(),
  response: z.looseObject({ contentType: text, sampleData: z.unknown().optional() }).nullish(),
})

export const ElementFieldJson = z.looseObject({ id, name: z.string().min(1), type: text, vendorName: text })

/** What is known of the rows of one name. */
export const ElementObjectJson = z.looseObject({
  id,
  name: z.string().min(1),
  vendorName: text,
  primaryKeyName: text,
  createdDateName: text,
  updatedDateName: text,
  queryDateFormat: text,
  bulkDownloadEnabled: flag,
  eventsEnabled: flag,
  fields: list(ElementFieldJson),
})

export const ElementModelJson = z.looseObject({
  id,
  name: z.string(),
  vendorName: text,
  modelFields: list(z.looseObject({ id, name: text, type: text })),
  resources: list(z.looseObject({ id })),
})

/**
 * An element as Cloud Elements exports and imports it (spec/contract.md 2.1). Needed: a name, a description, the kind of
 * login and the configuration; other keys are kept as they are.
 */
export const ElementJson = z.looseObject({
  id,
  key: text,
  name: z.string().trim().min(1),
  description: text,
  image: text,
  hub: text,
  active: flag,
  private: flag,
  extended: flag,
  protocolType: text,
  authentication: z.looseObject({ type: z.string().min(1) }),
  configuration: list(ElementConfigJson),
  parameters: list(ElementParameterJson),
  resources: list(ElementOperationJson),
  hooks: list(ElementHookJson),
  objects: list(ElementObjectJson),
  models: list(ElementModelJson),
  transformationsEnabled: flag,
  bulkDownloadEnabled: flag,
  bulkUploadEnabled: flag,
})

export type ElementJson = z.infer<typeof ElementJson>
export type ElementConfigJson = z.infer<typeof ElementConfigJson>
export type ElementParameterJson = z.infer<typeof ElementParameterJson>
export type ElementHookJson = z.infer<typeof ElementHookJson>
export type ElementOperationJson = z.infer<typeof ElementOperationJson>
export type ElementObjectJson = z.infer<typeof ElementObjectJson>
export type ElementModelJson = z.infer<typeof ElementModelJson>
