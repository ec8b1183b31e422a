import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import type { ElementRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { isEditedBy, noElement, sealDocument } from '../catalogue/index.ts'
import { completed } from './clones.ts'
import { checkConfiguration } from './document.ts'
import { refuseLegacyAgain } from './hooks.ts'
import { type ElementsNeed, itemIds } from './need.ts'
import { numberedFrom } from './number-items.ts'
import { noPart } from './parts.ts'
import { ownRow, seenRow, sightOf } from './target.ts'

/** What a change came to. */
export interface Edited {
  readonly elementId: number
  /** The element's, or of an extension nothing but its resources. */
  readonly document: ElementJson
}

/** What of an element a change is about. */
export type EditOf =
  /** The element: it must be the caller's. */
  | 'element'
  /** A new resource: of the element where it is the caller's, else of the account's extension of it. */
  | 'new-resource'
  /** A resource that is there: the element's, or the extension's. */
  | { readonly resourceId: number }

/** What changes: a document and where it is stored. */
interface Holder {
  readonly elementId: number
  readonly hub: string
  readonly document: ElementJson
  /** What a clone does not say is as in its element. */
  readonly complete: (next: ElementJson) => ElementJson
  readonly store: (next: ElementJson) => Promise<void>
}

export interface EditInput {
  readonly document: ElementJson
  /** Of the element, below which new paths go. */
  readonly hub: string
}

/** Changes documents part by part: tried before they are stored, one change of an organization after the other. */
export const createEdit = ({ catalogue, instances, vault }: ElementsNeed) => {
  const ofRow = (inside: Tables, row: ElementRow): Holder => ({
    elementId: row.elementId,
    hub: (row.document as ElementJson).hub ?? 'general',
    document: row.document as ElementJson,
    complete: (next) =>
      row.clonedFrom === null ? next : completed(catalogue, catalogue.system.find(row.clonedFrom), next),
    store: async (next) => {
      checkConfiguration(next, row.clonedFrom !== null)
      const changed = { ...row, ...sealDocument(vault, row, next) }
      catalogue.elementOfRow(changed)
      await inside.elements.update(changed)
    },
  })

  /** The caller's account's resources on an element that is not its own. */
  const ofExtension = async (
    inside: Tables,
    { organizationId, accountId }: Caller,
    keyOrId: string,
    row: ElementRow | undefined,
  ): Promise<Holder> => {
    const element = row === undefined ? catalogue.system.get(keyOrId) : catalogue.elementOfRow(row)
    if (element === undefined) throw noElement(keyOrId)
    const all = await inside.elements.extensions(organizationId)
    const mine = all.find((one) => one.elementId === element.id && one.accountId === accountId)
    return {
      elementId: element.id,
      hub: element.hub,
      document: {
        name: element.title,
        authentication: { type: 'oauth2' },
        resources: [...((mine?.resources ?? []) as readonly ElementOperationJson[])],
      },
      complete: (next) => next,
      store: async ({ resources }) => {
        const extension = resources ?? []
        if (row === undefined) catalogue.extended(organizationId, element, extension)
        else catalogue.elementOfRow(row, extension)
        await inside.elements.extend(organizationId, {
          ...{ elementId: element.id, accountId },
          resources: extension,
        })
      },
    }
  }

  const holderOf = async (inside: Tables, caller: Caller, keyOrId: string, of: EditOf): Promise<Holder> => {
    if (of === 'element') return ofRow(inside, await ownRow(inside, catalogue, caller, keyOrId))
    const row = await seenRow(inside, caller, keyOrId)
    const mine =
      row !== undefined && isEditedBy(await sightOf(inside, caller.organizationId), caller.accountId, row)
        ? ofRow(inside, row)
        : undefined
    if (of === 'new-resource') return mine ?? ofExtension(inside, caller, keyOrId, row)
    const has = (holder: Holder | undefined): holder is Holder =>
      holder?.document.resources?.some(({ id }) => id === of.resourceId) === true
    if (has(mine)) return mine
    const extension = await ofExtension(inside, caller, keyOrId, row)
    if (has(extension)) return extension
    throw noPart('resources', of.resourceId)
  }

  /**
   * @throws AppError `not-found`, `not-allowed` for what belongs to everybody or another account, `bad-request` where
   * the element could not be run.
   */
  return async (
    caller: Caller,
    keyOrId: string,
    of: EditOf,
    run: (input: EditInput) => ElementJson,
  ): Promise<Edited> =>
    instances.changeElements(caller.organizationId, async (inside) => {
      const { elementId, hub, document, complete, store } = await holderOf(inside, caller, keyOrId, of)
      const next = await numberedFrom(complete(run({ document, hub })), document, itemIds(inside))
      refuseLegacyAgain(document, next)
      await store(next)
      return { elementId, document: next }
    })
}
