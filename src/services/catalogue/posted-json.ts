import type { ElementConfigJson, ElementOperationJson, ElementParameterJson } from '#src/contract/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { pathBehindHub } from './operation-place.ts'

/** A document's part without members that are null: those fail clients that expect a type (spec/behaviour.md 4). */
const told = (part: object): JsonObject =>
  Object.fromEntries(
    Object.entries(part as JsonObject).filter(([, value]) => value !== null && value !== undefined),
  )

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A configuration key of a document, with what Cloud Elements fills in. */
export const postedConfigurationJson = (config: ElementConfigJson, at: number) => ({
  ...told(config),
  id: config.id ?? at + 1,
  key: config.key,
  name: config.name ?? config.key,
  description: config.description ?? '',
  ...(config.defaultValue === null || config.defaultValue === undefined
    ? {}
    : { defaultValue: String(config.defaultValue) }),
  type: config.type ?? 'TEXTFIELD_1000',
  required: config.required ?? false,
  active: config.active ?? true,
  internal: config.internal ?? false,
  hideFromConsole: config.hideFromConsole ?? false,
  groupControl: config.groupControl ?? false,
  resellerConfig: config.resellerConfig ?? false,
  companyConfig: config.companyConfig ?? false,
  displayOrder: config.displayOrder ?? at + 1,
  options: (config.options ?? []).map(({ value, description }) => ({
    value,
    description: description ?? value,
  })),
})

const postedParameterJson = (parameter: ElementParameterJson, at: number) => ({
  ...told(parameter),
  id: parameter.id ?? at + 1,
  name: parameter.name,
  vendorName: parameter.vendorName ?? parameter.name,
  type: parameter.type,
  vendorType: parameter.vendorType ?? parameter.type,
  dataType: parameter.dataType ?? 'string',
  vendorDataType: parameter.vendorDataType ?? parameter.dataType ?? 'string',
  source: parameter.source ?? 'request',
  required: parameter.required ?? false,
  converter: parameter.converter ?? undefined,
})

const pagings = ['VENDOR_SUPPORTED', 'VENDOR_NOT_SUPPORTED', 'NO_PAGINATION'] as const

const objectOf = (operation: ElementOperationJson, name: string) => {
  const sent: Json | undefined = told(operation).object
  const fields = isJsonObject(sent) && Array.isArray(sent.fields) ? sent.fields : []
  return { name: (isJsonObject(sent) ? textOf(sent.name) : undefined) ?? name, fields: fields.map(String) }
}

/** An operation of a document, with what Cloud Elements fills in (spec/behaviour.md 4, resources). */
export const postedOperationJson = (operation: ElementOperationJson, at: number) => {
  const path = pathBehindHub(operation.path)
  const method = operation.method.toUpperCase()
  const objectName = operation.objectName ?? path.split('/')[1] ?? ''
  return {
    ...told(operation),
    id: operation.id ?? at + 1,
    description: operation.description ?? '',
    path: operation.path,
    method,
    vendorPath: operation.vendorPath ?? path,
    vendorMethod: operation.vendorMethod ?? method,
    type: operation.type ?? 'api',
    kind: operation.kind ?? 'eb',
    rootKey: operation.rootKey ?? '',
    nextResource: operation.nextResource ?? '',
    operationId: operation.operationId ?? `${method}${path.replace(/[{}]/g, '').replaceAll('/', '-')}`,
    objectName,
    object: objectOf(operation, objectName),
    paginationType: pagings.find((one) => one === operation.paginationType),
    parameters: (operation.parameters ?? []).map(postedParameterJson),
    hooks: (operation.hooks ?? []).map((hook) => told(hook)),
    response: {
      ...told(operation.response ?? {}),
      contentType: operation.response?.contentType ?? 'application/json',
    },
  }
}

/** Another part of a document, as it is. */
export const postedPartJson = (part: object): JsonObject => told(part)
