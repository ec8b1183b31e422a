import type { z } from 'zod'
import { examineElement, type OperationOutline, outlineOperations } from '#src/built/index.ts'
import type { ElementJson, ElementPreviewReply } from '#src/contract/index.ts'
import type { Auth, Resource } from '#src/element/index.ts'
import type { Caller } from '../accounts/index.ts'
import {
  type ElementOperation,
  elementOperations,
  isEditedBy,
  type ListedElement,
  operationPlace,
} from '../catalogue/index.ts'
import { completed } from './clones.ts'
import type { ElementsNeed } from './need.ts'
import { postedAs } from './posted-as.ts'
import { sightOf } from './target.ts'

/** What would become of an element's JSON. */
export type ElementPreview = z.input<typeof ElementPreviewReply>
type ResourcePreview = ElementPreview['resources'][number]

const loginWords: Readonly<Record<Auth['kind'], string>> = {
  'oauth2-code': 'A person logs in at the provider and consents (OAuth 2, authorization code).',
  'oauth2-password': 'User name and password are traded for a token (OAuth 2, password grant).',
  oauth1: 'A person logs in at the provider and consents; every call is signed (OAuth 1.0).',
  basic: 'User name and password go with every call (HTTP Basic).',
  custom: 'What the configuration holds goes with every call, where the parameters of the element put it.',
  coded: 'As the element of the catalogue that it is a clone of.',
}

const loginOf = (need: ElementsNeed, element: ListedElement): ElementPreview['login'] => {
  const [way] = need.catalogue.expandedMetadata(element).connect.ways
  const [auth] = element.auth
  const fields = new Map(element.config.map((field) => [field.key, field]))
  return {
    type: auth.type,
    words: loginWords[auth.kind],
    consent: way?.consent ?? false,
    asks: (way?.fields ?? []).map((key) => ({
      key,
      name: fields.get(key)?.label ?? key,
      isSecret: fields.get(key)?.kind === 'secret',
    })),
  }
}

const changesOf = ({ changes }: Resource): Pick<ResourcePreview, 'changes'> => {
  if (changes === undefined) return {}
  return changes.kind === 'dated'
    ? { changes: { by: 'date', field: changes.updated } }
    : { changes: { by: 'comparing' } }
}

const operationOf = (
  { operation }: ElementOperation,
  outline: OperationOutline | undefined,
): ResourcePreview['operations'][number] => {
  const { verb, method, path, description, call } = operation
  const { pages = 'provider', where = 'here', hooks = { before: 0, after: 0 }, next } = outline ?? {}
  return {
    ...{ verb, method, path, description, hooks },
    vendorMethod: call.method,
    vendorPath: call.path,
    ...(verb === 'search' ? { listing: { pages, where } } : {}),
    ...(next === undefined ? {} : { next }),
  }
}

/** A resource for each of an element, and one for each path beyond theirs. */
const resourcesOf = (
  need: ElementsNeed,
  element: ListedElement,
  document: ElementJson,
): readonly ResourcePreview[] => {
  const outlines = new Map(outlineOperations(document).map((one) => [operationPlace(one), one]))
  const told = new Map(
    need.catalogue.expandedMetadata(element).resources.map((one) => [one.canonicalName, one]),
  )
  const operations = elementOperations(element)
  const names = [...new Set(operations.map(({ resource }) => resource.name))]
  return names.map((name) => {
    const own = operations.filter(({ resource }) => resource.name === name)
    const metadata = told.get(name)
    const resource = Object.hasOwn(element.resources, name) ? element.resources[name] : undefined
    return {
      name,
      operations: own.map((one) => operationOf(one, outlines.get(operationPlace(one.operation)))),
      ...(resource !== undefined && metadata?.events.supported === true ? changesOf(resource) : {}),
      bulk: {
        download: metadata?.bulk.download.supported ?? false,
        upload: metadata?.bulk.upload.supported ?? false,
      },
    }
  })
}

const takenBy = async (
  { store, catalogue }: ElementsNeed,
  { organizationId, accountId }: Caller,
  key: string,
): Promise<Pick<ElementPreview, 'taken'>> => {
  const system = catalogue.system.get(key)
  if (system !== undefined) return { taken: { by: 'catalogue', name: system.title, instances: 0 } }
  const row = await store.elements.named(organizationId, key)
  if (row === undefined) return {}
  const isOwn = isEditedBy(await sightOf(store, organizationId), accountId, row)
  // Of another account's element nothing is told but that the key is not free.
  if (!isOwn) return { taken: { by: 'other-account', name: key, instances: 0 } }
  const instances = await store.elements.instances(organizationId, row.key)
  return { taken: { by: 'own', name: (row.document as ElementJson).name, instances } }
}

const baseUrlOf = ({ configuration }: ElementJson): string =>
  String(configuration?.find(({ key }) => key === 'base.url')?.defaultValue ?? '')

/**
 * What would become of an element's JSON if it were posted; nothing is stored.
 * @throws AppError `bad-request` naming the member that is wrong, as POST /elements would.
 */
export const createPreview =
  (need: ElementsNeed) =>
  async (caller: Caller, body: ElementJson): Promise<ElementPreview> => {
    const { organizationId, accountId, userId } = caller
    const { key, base, document } = postedAs(need.catalogue, body)
    const now = new Date()
    const element = need.catalogue.elementOfRow({
      ...{ organizationId, accountId, userId, key, elementId: 0, originId: 0, secretsSealed: null },
      ...{ active: true, version: 1, createdAt: now, updatedAt: now, clonedFrom: base?.key ?? null },
      document: base === undefined ? document : completed(need.catalogue, base, document),
    })
    return {
      key,
      ...(await takenBy(need, caller, key)),
      name: element.title,
      description: element.description,
      hub: element.hub,
      login: loginOf(need, element),
      baseUrl: baseUrlOf(document),
      resources: [...resourcesOf(need, element, document)],
      transformations: element.features.transformations,
      findings: [...examineElement(document)],
    }
  }
