import type {
  ElementConfigJson,
  ElementHookJson,
  ElementJson,
  ElementModelJson,
  ElementOperationJson,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import type { Caller } from '../accounts/index.ts'
import { operationPlace } from '../catalogue/index.ts'
import { storedOperation } from './document.ts'
import type { createEdit, Edited, EditOf } from './edit.ts'
import { storedHook } from './hooks.ts'
import { itemAt, itemsAt, noPart, type PartPlace, withItems } from './parts.ts'

const editOf = ({ of }: PartPlace): EditOf => (of?.list === 'resources' ? { resourceId: of.id } : 'element')

/** The number of what came last to a list. */
const lastId = ({ document }: Edited, place: PartPlace): number => Number(itemsAt(document, place).at(-1)?.id)

const twice = (operation: ElementOperationJson): AppError =>
  new AppError(
    'conflict',
    `path: the element has ${operation.method} ${operation.path} already. Change it with PUT, or DELETE it first.`,
  )

const resources: PartPlace = { list: 'resources' }

/** Parts of elements, added, replaced and removed one by one. */
export const createPartChanges = (edit: ReturnType<typeof createEdit>) => {
  const stored = (body: object): JsonObject => body as JsonObject

  const storedIn = ({ list }: PartPlace, body: object): JsonObject =>
    stored(list === 'hooks' ? storedHook(body as ElementHookJson) : body)

  const replaceItem = (document: ElementJson, place: PartPlace, id: number, body: object): ElementJson => {
    itemAt(document, place, id)
    return withItems(document, place, (items) =>
      items.map((item) => (item.id === id ? { ...storedIn(place, body), id } : item)),
    )
  }

  const removeItem = (document: ElementJson, place: PartPlace, id: number): ElementJson => {
    itemAt(document, place, id)
    return withItems(document, place, (items) => items.filter((item) => item.id !== id))
  }

  const modelOf = (document: ElementJson, resourceId: number): JsonObject | undefined => {
    const { model } = itemAt(document, resources, resourceId)
    return isJsonObject(model) ? model : undefined
  }

  const setModel = (
    caller: Caller,
    element: string,
    resourceId: number,
    model: (before: JsonObject | undefined) => JsonObject | null,
  ): Promise<Edited> =>
    edit(caller, element, { resourceId }, ({ document }) => {
      const before = modelOf(document, resourceId)
      return withItems(document, resources, (items) =>
        items.map((item) => {
          if (item.id !== resourceId) return item
          const { model: _before, ...rest } = item
          const next = model(before)
          return next === null ? rest : { ...rest, model: next }
        }),
      )
    })

  return {
    /** @returns the number of the new part. @throws AppError as `edit`. */
    addPart: async (caller: Caller, element: string, place: PartPlace, body: object): Promise<number> => {
      const { id: _sent, ...rest } = storedIn(place, body)
      const edited = await edit(caller, element, editOf(place), ({ document }) =>
        withItems(document, place, (items) => [...items, rest]),
      )
      return lastId(edited, place)
    },
    /** Replaces a part, which keeps its number. @throws AppError as `edit`. */
    putPart: async (
      caller: Caller,
      element: string,
      place: PartPlace,
      id: number,
      body: object,
    ): Promise<void> => {
      await edit(caller, element, editOf(place), ({ document }) => replaceItem(document, place, id, body))
    },
    /** @throws AppError as `edit`. */
    removePart: async (caller: Caller, element: string, place: PartPlace, id: number): Promise<void> => {
      await edit(caller, element, editOf(place), ({ document }) => removeItem(document, place, id))
    },
    /**
     * Adds a resource: to an own element, or as an extension that the caller's account alone sees.
     * @returns its number. @throws AppError `conflict` where an own one has its method and path, and as `edit`.
     */
    addResource: async (caller: Caller, element: string, body: ElementOperationJson): Promise<number> => {
      const edited = await edit(caller, element, 'new-resource', ({ document, hub }) => {
        const { id: _sent, ...operation } = storedOperation(body, hub)
        const known = document.resources ?? []
        if (known.some((one) => operationPlace(one) === operationPlace(operation))) throw twice(operation)
        return { ...document, resources: [...known, operation] }
      })
      return lastId(edited, resources)
    },
    /** Replaces a resource, which keeps its number. @throws AppError as `addResource`. */
    putResource: async (
      caller: Caller,
      element: string,
      resourceId: number,
      body: ElementOperationJson,
    ): Promise<void> => {
      await edit(caller, element, { resourceId }, ({ document, hub }) => {
        const operation = storedOperation(body, hub)
        const taken = (document.resources ?? []).some(
          (one) => one.id !== resourceId && operationPlace(one) === operationPlace(operation),
        )
        if (taken) throw twice(operation)
        return replaceItem(document, resources, resourceId, operation)
      })
    },
    /** @throws AppError as `edit`. */
    removeResource: async (caller: Caller, element: string, resourceId: number): Promise<void> => {
      await edit(caller, element, { resourceId }, ({ document }) =>
        removeItem(document, resources, resourceId),
      )
    },
    /** The one model of a resource. @throws AppError as `edit`. */
    putResourceModel: async (
      caller: Caller,
      element: string,
      resourceId: number,
      body: object,
    ): Promise<void> => {
      const { id: _sent, ...model } = stored(body)
      await setModel(caller, element, resourceId, () => model)
    },
    /** @throws AppError as `edit`, `not-found` where it has none. */
    removeResourceModel: async (caller: Caller, element: string, resourceId: number): Promise<void> => {
      await setModel(caller, element, resourceId, (before) => {
        if (before === undefined) throw noPart('models', `of resource ${resourceId}`)
        return null
      })
    },
    /** Replaces the model of a number, or of no number by its name, or adds it. @returns its number. */
    upsertModel: async (caller: Caller, element: string, body: ElementModelJson): Promise<number> => {
      const place: PartPlace = { list: 'models' }
      let wanted: number | undefined
      const edited = await edit(caller, element, 'element', ({ document }) => {
        const known = itemsAt(document, place).find(
          ({ id, name }) => id === body.id || (typeof body.id !== 'number' && name === body.name),
        )
        wanted = known === undefined ? undefined : Number(known.id)
        if (wanted !== undefined) return replaceItem(document, place, wanted, body)
        const { id: _sent, ...rest } = stored(body)
        return withItems(document, place, (items) => [...items, rest])
      })
      return wanted ?? lastId(edited, place)
    },
    /** @throws AppError `conflict` where the key is there, and as `edit`. */
    addConfiguration: async (caller: Caller, element: string, body: ElementConfigJson): Promise<void> => {
      const place: PartPlace = { list: 'configuration' }
      const { id: _sent, ...config } = stored(body)
      await edit(caller, element, 'element', ({ document }) =>
        withItems(document, place, (items) => {
          if (items.some(({ key }) => key === body.key))
            throw new AppError(
              'conflict',
              `key: the element has '${body.key.slice(0, 64)}' already. Change it with PUT.`,
            )
          return [...items, config]
        }),
      )
    },
    /** Replaces the configuration of a key. @throws AppError `not-found`, and as `edit`. */
    putConfiguration: async (
      caller: Caller,
      element: string,
      key: string,
      body: Omit<ElementConfigJson, 'key'>,
    ): Promise<void> => {
      const place: PartPlace = { list: 'configuration' }
      await edit(caller, element, 'element', ({ document }) => {
        const known = itemsAt(document, place).find((one) => one.key === key)
        if (known === undefined) throw noPart('configuration', key)
        return replaceItem(document, place, Number(known.id), { ...body, key })
      })
    },
    /** @throws AppError `not-found`, `bad-request` for one that the element needs, and as `edit`. */
    removeConfiguration: async (caller: Caller, element: string, key: string): Promise<void> => {
      const place: PartPlace = { list: 'configuration' }
      await edit(caller, element, 'element', ({ document }) => {
        const known = itemsAt(document, place).find((one) => one.key === key)
        if (known === undefined) throw noPart('configuration', key)
        return removeItem(document, place, Number(known.id))
      })
    },
  }
}
