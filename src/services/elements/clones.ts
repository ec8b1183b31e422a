import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import type { Element } from '#src/element/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { type Catalogue, type ListedElement, operationPlace, pathBehindHub } from '../catalogue/index.ts'

const applicationKey = 'oauth.api.key'

/** JSON whose members are in one order, without the numbers of parts. */
const printedJson = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(printedJson).join()}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .filter((name) => name !== 'id' && value[name] !== undefined)
    .sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${printedJson(value[name] ?? null)}`).join()}}`
}

/** What makes two operations the same, whatever their numbers and hubs. */
const printed = (operation: object & { readonly path: string }): string =>
  printedJson({ ...operation, path: pathBehindHub(operation.path) } as JsonObject)

/** Of the resources of a body those that the clone's element has not itself. */
export const ownOperations = (
  catalogue: Pick<Catalogue, 'resources'>,
  base: Element,
  operations: readonly ElementOperationJson[],
): readonly ElementOperationJson[] => {
  const known = new Map(catalogue.resources(base).map((one) => [operationPlace(one), printed(one)]))
  return operations.filter((one) => known.get(operationPlace(one)) !== printed(one))
}

/** Whose application a clone connects by is its owner's to say: the default of the API key is empty (spec/behaviour.md 4). */
const withoutApplication = (configuration: NonNullable<ElementJson['configuration']>) =>
  configuration.map((config) => (config.key === applicationKey ? { ...config, defaultValue: '' } : config))

/** The document of a clone. The catalogue's typed data are not written into it. */
export const clonedDocument = (
  catalogue: Pick<Catalogue, 'configuration'>,
  element: ListedElement,
): ElementJson => {
  const { posted, extension = [] } = element
  const before: ElementJson = posted?.document ?? {
    name: element.title,
    description: element.description,
    hub: element.hub,
    authentication: { type: 'oauth2' },
    configuration: catalogue.configuration(element).map((config) => ({ ...config })),
  }
  return {
    ...before,
    configuration: withoutApplication(before.configuration ?? []),
    resources: [...(before.resources ?? []), ...extension],
  }
}

/** The first free key of `acme-clone`, `acme-clone-2` and on. */
export const cloneKey = (key: string, taken: (key: string) => boolean): string => {
  const start = `${key.slice(0, 80)}-clone`
  let found = start
  for (let at = 2; taken(found); at += 1) found = `${start}-${at}`
  return found
}

/** A clone's document with every configuration key of its element: what it does not say is as there. */
export const completed = (
  catalogue: Pick<Catalogue, 'configuration'>,
  base: Element,
  document: ElementJson,
): ElementJson => {
  const told = document.configuration ?? []
  const missing = catalogue
    .configuration(base)
    .filter(({ key }) => !told.some((config) => config.key === key))
    .map(({ id: _id, ...config }) => config)
  return { ...document, configuration: [...told, ...missing] }
}
