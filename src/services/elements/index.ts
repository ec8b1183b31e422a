// Elements that are data: posted, cloned, changed part by part, shared, removed. Every change is tried before it is
// stored, and told to all processes. How an element runs is built's business, what it looks like the catalogue's.
import type { ElementJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type ListedElement, sealDocument } from '../catalogue/index.ts'
import { clonedDocument, cloneKey, completed, ownOperations } from './clones.ts'
import { storedDocument } from './document.ts'
import { createEdit } from './edit.ts'
import { keyTaken } from './key.ts'
import { type ElementsNeed, itemIds } from './need.ts'
import { numberedFrom } from './number-items.ts'
import { createPartChanges } from './part-changes.ts'
import { itemAt, itemsAt, type PartPlace } from './parts.ts'
import { postedAs } from './posted-as.ts'
import { createPreview } from './preview.ts'
import { createSharing } from './sharing.ts'
import { ownRow } from './target.ts'

export type { PartList, PartPlace } from './parts.ts'

export type Elements = ReturnType<typeof createElements>

interface NewElement {
  readonly key: string
  readonly clonedFrom: string | null
  /** Of the line of clones; undefined: it begins one. */
  readonly originId: number | undefined
  readonly active: boolean
  readonly document: ElementJson
}

export const createElements = (need: ElementsNeed) => {
  const { catalogue, instances, vault } = need
  const edit = createEdit(need)

  const shown = async (caller: Caller, elementId: number): Promise<ListedElement> =>
    catalogue.find(caller, elementId)

  /** Stores a new element. @throws AppError `conflict` where the key is taken, `bad-request` where it cannot be run. */
  const insert = async (inside: Tables, caller: Caller, made: NewElement): Promise<number> => {
    const { organizationId, accountId, userId } = caller
    const { key, clonedFrom } = made
    if (catalogue.system.get(key) !== undefined) throw keyTaken(key)
    const elementId = await inside.elements.nextId()
    const whole =
      clonedFrom === null
        ? made.document
        : completed(catalogue, catalogue.system.find(clonedFrom), made.document)
    const document = await numberedFrom(whole, undefined, itemIds(inside))
    const now = new Date()
    const row = {
      ...{ ...made, originId: made.originId ?? elementId },
      ...{ organizationId, accountId, userId, elementId },
      ...sealDocument(vault, { organizationId, elementId, secretsSealed: null }, document),
    }
    catalogue.elementOfRow({ ...row, version: 1, createdAt: now, updatedAt: now })
    if ((await inside.elements.insert(row)) === undefined) throw keyTaken(key)
    return elementId
  }

  return {
    ...createPartChanges(edit),
    ...createSharing(need),
    preview: createPreview(need),
    /**
     * A new element of the caller's account (spec/contract.md 2.1). A body that an export of a clone gave makes one again.
     * @throws AppError `bad-request` naming the member that is wrong, `conflict` where the key is taken.
     */
    add: async (caller: Caller, body: ElementJson): Promise<ListedElement> => {
      const { key, base, document } = postedAs(catalogue, body)
      const elementId = await instances.changeElements(caller.organizationId, (inside) =>
        insert(inside, caller, {
          ...{ key, document, active: body.active ?? true },
          clonedFrom: base?.key ?? null,
          originId: base?.id,
        }),
      )
      return shown(caller, elementId)
    },
    /**
     * Replaces an element; key, number and instances stay.
     * @throws AppError `bad-request` naming the member that is wrong, `not-allowed`, `not-found`.
     */
    put: async (caller: Caller, keyOrId: string, body: ElementJson): Promise<ListedElement> => {
      const { key, posted } = await catalogue.find(caller, keyOrId)
      if (body.key && body.key.toLowerCase() !== key.toLowerCase())
        throw new AppError(
          'bad-request',
          `key: it stays '${key}', by which instances know the element. POST /elements/${key}/clone gives another key.`,
        )
      const base = posted?.clonedFrom
      const whole = storedDocument(body, base !== undefined)
      const document =
        base === undefined
          ? whole
          : { ...whole, resources: [...ownOperations(catalogue, base, whole.resources ?? [])] }
      const { elementId } = await edit(caller, keyOrId, 'element', () => document)
      return shown(caller, elementId)
    },
    /** The same under another key and number, without the default of the API key. @throws AppError `not-found`. */
    clone: async (caller: Caller, keyOrId: string): Promise<ListedElement> => {
      const element = await catalogue.find(caller, keyOrId)
      const { organizationId } = caller
      const elementId = await instances.changeElements(organizationId, async (inside) => {
        const rows = await inside.elements.list(organizationId)
        const taken = new Set(rows.map(({ key }) => key.toLowerCase()))
        const base = element.posted === undefined ? element : element.posted.clonedFrom
        return insert(inside, caller, {
          key: cloneKey(
            element.key,
            (key) => taken.has(key.toLowerCase()) || catalogue.system.get(key) !== undefined,
          ),
          clonedFrom: base?.key ?? null,
          originId: element.posted?.originId ?? element.id,
          active: true,
          document: clonedDocument(catalogue, element),
        })
      })
      return shown(caller, elementId)
    },
    /** Removes it with all that is mapped of it. @throws AppError `conflict` while there are instances of it, `not-allowed`, `not-found`. */
    remove: (caller: Caller, keyOrId: string): Promise<void> =>
      instances.changeElements(caller.organizationId, async (inside) => {
        const { organizationId, elementId, key } = await ownRow(inside, catalogue, caller, keyOrId)
        // First: whoever connects to it right now holds the row, and is counted.
        await inside.elements.remove(organizationId, elementId)
        const count = await inside.elements.instances(organizationId, key)
        if (count > 0)
          throw new AppError(
            'conflict',
            `${key} has ${count} instance${count === 1 ? '' : 's'}. DELETE ${count === 1 ? 'it' : 'them'} first, or DELETE /elements/${key}/active to let no more be made.`,
          )
        await inside.transformations.removeElement(organizationId, key)
      }),
    setActive: async (caller: Caller, keyOrId: string, active: boolean): Promise<ListedElement> => {
      const elementId = await instances.changeElements(caller.organizationId, async (inside) => {
        const row = await ownRow(inside, catalogue, caller, keyOrId)
        await inside.elements.update({ ...row, active })
        return row.elementId
      })
      return shown(caller, elementId)
    },
    /** The parts of a list, as the caller sees the element. @throws AppError `not-found`. */
    parts: async (caller: Caller, keyOrId: string, place: PartPlace) =>
      itemsAt(catalogue.json(await catalogue.find(caller, keyOrId)), place),
    /** @throws AppError `not-found`. */
    part: async (caller: Caller, keyOrId: string, place: PartPlace, id: number) =>
      itemAt(catalogue.json(await catalogue.find(caller, keyOrId)), place, id),
  }
}
