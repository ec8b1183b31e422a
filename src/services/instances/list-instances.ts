import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '../accounts/index.ts'
import type { InstancesRoom } from './need.ts'
import type { Show } from './show.ts'
import { storable } from './texts.ts'
import type { InstanceView, LightInstanceView } from './view.ts'

/** Which of the caller's own instances; conditions are AND-ed. */
export interface ListInput {
  readonly tags: readonly string[]
  /** Part of the name, in any case. */
  readonly searchText: string | undefined
  /** Key or id. */
  readonly element: string | undefined
}

export interface PageInput extends ListInput {
  /** The page begins behind this instance; 0: at the first. */
  readonly afterId: number
  /** Instances to pass over besides. */
  readonly skip: number
  readonly pageSize: number
}

export interface Page<View> {
  readonly items: readonly View[]
  /** Where the next page begins; absent on the last. */
  readonly nextAfterId?: number
}

/** The most that one listing shows. */
export const largestPage = 5000

export const createLists = (room: InstancesRoom, show: Show) => {
  const { store, catalogue } = room

  /** @throws AppError `not-found` when nothing matches, on a first page only (spec/behaviour.md 2). */
  const rowsOf = async (caller: Caller, input: PageInput) => {
    const rows = await store.instances.list(caller.organizationId, {
      userId: caller.userId,
      tags: input.tags.map((tag) => storable('tags[]', tag)),
      searchText: input.searchText === undefined ? null : storable('searchText', input.searchText),
      elementKey: input.element === undefined ? null : (await catalogue.find(caller, input.element)).key,
      afterId: input.afterId,
      skip: input.skip,
      limit: input.pageSize + 1,
    })
    if (rows.length === 0 && input.afterId === 0 && input.skip === 0)
      throw new AppError('not-found', 'No instances found')
    const shown = rows.slice(0, input.pageSize)
    const last = shown.at(-1)
    return { shown, next: rows.length > shown.length && last ? { nextAfterId: last.instanceId } : {} }
  }

  return {
    /** A page of the caller's own instances. @throws AppError `not-found` when none matches. */
    page: async (caller: Caller, input: PageInput): Promise<Page<InstanceView>> => {
      const { shown, next } = await rowsOf(caller, input)
      return { items: await show.all(shown), ...next }
    },
    /** The same with less of each. */
    lightPage: async (caller: Caller, input: PageInput): Promise<Page<LightInstanceView>> => {
      const { shown, next } = await rowsOf(caller, input)
      return { items: await show.light(shown), ...next }
    },
    /** The first of the caller's own instances. @throws AppError `not-found` when none matches. */
    list: async (caller: Caller, input: ListInput): Promise<readonly InstanceView[]> => {
      const { shown } = await rowsOf(caller, { ...input, afterId: 0, skip: 0, pageSize: largestPage })
      return show.all(shown)
    },
    /** How many instances the caller has, in all and of each element. */
    count: async (caller: Caller) => {
      const counts = await store.instances.count(caller.organizationId, caller.userId)
      return {
        totalInstances: counts.reduce((sum, one) => sum + one.count, 0),
        elementInstances: await Promise.all(
          counts.map(async ({ elementKey, count }) => {
            const { id, key, title, hub } = await catalogue.elementOf({ ...caller, elementKey })
            return { elementId: id, elementKey: key, elementName: title, hub, count }
          }),
        ),
      }
    },
  }
}
