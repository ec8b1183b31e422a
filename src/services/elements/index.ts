// Elements that are data: posted, cloned, changed part by part, shared, removed. Every change is tried before it is
// stored, and told to all processes. How an element runs is built's business, what it looks like the catalogue's.
import type { ElementJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { ElementRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { ListedElement } from '../catalogue/index.ts'
import { storedDocument } from './document.ts'
import { keyFor, keyTaken } from './key.ts'
import { type ElementsNeed, itemIds } from './need.ts'
import { numberedFrom } from './number-items.ts'
import { createPreview } from './preview.ts'
import { ownRow } from './target.ts'

export type Elements = ReturnType<typeof createElements>

export const createElements = (need: ElementsNeed) => {
  const { catalogue, instances } = need

  const shown = async (caller: Caller, elementId: number): Promise<ListedElement> =>
    catalogue.find(caller, elementId)

  /** Stores a new element. @throws AppError `conflict` where the key is taken, `bad-request` where it cannot be run. */
  const insert = async (
    inside: Tables,
    { organizationId, accountId, userId }: Caller,
    made: Pick<ElementRow, 'key' | 'clonedFrom' | 'active'> & { readonly document: ElementJson },
  ): Promise<number> => {
    const { key } = made
    if (catalogue.system.get(key) !== undefined) throw keyTaken(key)
    const elementId = await inside.elements.nextId()
    const document = await numberedFrom(made.document, undefined, itemIds(inside))
    const now = new Date()
    const row = { ...made, organizationId, accountId, userId, elementId, document }
    catalogue.elementOfRow({ ...row, version: 1, createdAt: now, updatedAt: now })
    if ((await inside.elements.insert(row)) === undefined) throw keyTaken(key)
    return elementId
  }

  /** Changes an element of the caller's, after whatever changed it before. */
  const change = async (
    caller: Caller,
    keyOrId: string,
    run: (row: ElementRow & { readonly document: ElementJson }) => {
      readonly document?: ElementJson
      readonly active?: boolean
    },
  ): Promise<ListedElement> => {
    const { organizationId } = caller
    const elementId = await instances.changeElements(organizationId, async (inside) => {
      const row = await ownRow(inside, catalogue, caller, keyOrId)
      const before = row.document as ElementJson
      const { document = before, active = row.active } = run({ ...row, document: before })
      const next = await numberedFrom(document, before, itemIds(inside))
      catalogue.elementOfRow({ ...row, document: next, active })
      await inside.elements.update({ organizationId, elementId: row.elementId, document: next, active })
      return row.elementId
    })
    return shown(caller, elementId)
  }

  return {
    preview: createPreview(need),
    /**
     * A new element of the caller's account (spec/contract.md 2.1).
     * @throws AppError `bad-request` naming the member that is wrong, `conflict` where the key is taken.
     */
    add: async (caller: Caller, body: ElementJson): Promise<ListedElement> => {
      const key = keyFor(body.key, body.name)
      const document = storedDocument(body)
      const active = body.active ?? true
      const elementId = await instances.changeElements(caller.organizationId, (inside) =>
        insert(inside, caller, { key, clonedFrom: null, active, document }),
      )
      return shown(caller, elementId)
    },
    /** Removes it. @throws AppError `conflict` while there are instances of it, `not-allowed`, `not-found`. */
    remove: (caller: Caller, keyOrId: string): Promise<void> =>
      instances.changeElements(caller.organizationId, async (inside) => {
        const { organizationId, elementId, key } = await ownRow(inside, catalogue, caller, keyOrId)
        // First: whoever connects to it right now holds the row, and is counted.
        await inside.elements.remove(organizationId, elementId)
        const count = await inside.elements.instances(organizationId, key)
        if (count === 0) return
        throw new AppError(
          'conflict',
          `${key} has ${count} instance${count === 1 ? '' : 's'}. DELETE ${count === 1 ? 'it' : 'them'} first, or DELETE /elements/${key}/active to let no more be made.`,
        )
      }),
    setActive: (caller: Caller, keyOrId: string, active: boolean): Promise<ListedElement> =>
      change(caller, keyOrId, () => ({ active })),
  }
}
