import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call, orElse } from './client.ts'
import { type Place, pathOf, placeKey } from './places.ts'
import type { Definition, MappingScript, MappingUse, Row, Transformation } from './shapes.ts'

/** What a definition is made of. */
export interface DefinitionInput {
  readonly description: string
  readonly fields: readonly { readonly path: string; readonly type: string; readonly displayName?: string }[]
}

export interface Setting {
  readonly type: string
  readonly properties?: Readonly<Record<string, unknown>> | undefined
}

/** What a transformation is stored as. */
export interface TransformationInput {
  readonly vendorName: string
  readonly displayName?: string
  readonly isLegacy: boolean
  readonly fields: readonly {
    readonly path: string
    readonly type: string
    readonly vendorPath?: string
    readonly vendorType?: string
    readonly displayName?: string
    readonly configuration: readonly Setting[]
  }[]
  readonly configuration: readonly Setting[]
  readonly script?: MappingScript
}

const key = ['mappings'] as const
const part = encodeURIComponent

const definitionPath = (place: Place, name: string): string =>
  `${pathOf(place)}/objects/${part(name)}/definitions`

const mappingsPath = (place: Place, element: string): string =>
  place.level === 'instance'
    ? `${pathOf(place)}/transformations`
    : `${pathOf(place)}/elements/${part(element)}/transformations`

const mappingPath = (place: Place, element: string, name: string): string =>
  `${mappingsPath(place, element)}/${part(name)}`

type Definitions = Readonly<Record<string, Definition>>
type Transformations = Readonly<Record<string, Transformation>>

/** Of one place, by their names. */
export const definitionsQuery = (place: Place) =>
  queryOptions({
    queryKey: [...key, 'definitions', placeKey(place)],
    queryFn: (): Promise<Definitions> =>
      orElse(call<Definitions>(`${pathOf(place)}/objects/definitions`), {}),
  })

/** Where a name is mapped. */
export const usesQuery = (name: string) =>
  queryOptions({
    queryKey: [...key, 'uses', name],
    queryFn: (): Promise<readonly MappingUse[]> =>
      orElse(call<readonly MappingUse[]>(`/organizations/objects/${part(name)}/transformations`), []),
  })

/** Null where a place has none of the name. */
export const transformationQuery = (place: Place, element: string, name: string) =>
  queryOptions({
    queryKey: [...key, 'transformation', placeKey(place), element, name],
    queryFn: (): Promise<Transformation | null> =>
      orElse(call<Transformation>(mappingPath(place, element, name)), null),
  })

/** Definitions that are there ready-made; none where the server has none. */
export const templatesQuery = queryOptions({
  queryKey: [...key, 'templates'],
  queryFn: (): Promise<Definitions> =>
    orElse(call<Definitions>('/organizations/objects/definitions', { query: { systemOnly: 'true' } }), {}),
  staleTime: 300_000,
})

/** How an element's resources are mapped to them. */
export const templateMappingsQuery = (element: string) =>
  queryOptions({
    queryKey: [...key, 'templates', element],
    queryFn: (): Promise<Transformations> =>
      orElse(
        call<Transformations>(mappingsPath({ level: 'organization' }, element), {
          query: { systemOnly: 'true' },
        }),
        {},
      ),
    staleTime: 300_000,
  })

/**
 * Everything that a person does to definitions and transformations; each page shows the new state after.
 * @param next where it leads when it is done, with the new state at hand.
 */
export const useMappingAction = <Input, Output>(
  run: (input: Input) => Promise<Output>,
  next?: (input: Input) => Promise<unknown>,
) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: Input): Promise<Output> => {
      try {
        return await run(input)
      } finally {
        await client.invalidateQueries({ queryKey: key })
      }
    },
    // Of the hook, not of one call: what is removed takes its button along.
    onSuccess: (_output, input) => next?.(input),
  })
}

/** @param isThere whether the place has one of the name, which is changed then. @throws ApiError */
export const storeDefinition = (
  place: Place,
  name: string,
  input: DefinitionInput,
  isThere: boolean,
): Promise<Definition> => call(definitionPath(place, name), { method: isThere ? 'PUT' : 'POST', body: input })

/** @throws ApiError */
export const removeDefinition = (place: Place, name: string): Promise<unknown> =>
  call(definitionPath(place, name), { method: 'DELETE' })

/** Renames a definition and what is mapped to it. @throws ApiError */
export const renameDefinition = (place: Place, name: string, newName: string): Promise<Definition> =>
  call(`${pathOf(place)}/objects/${part(name)}`, { method: 'PATCH', body: { objectName: newName } })

/** @param isThere whether the place has one of the name, which is changed then. @throws ApiError */
export const storeTransformation = (
  place: Place,
  element: string,
  name: string,
  input: TransformationInput,
  isThere: boolean,
): Promise<Transformation> =>
  call(mappingPath(place, element, name), { method: isThere ? 'PUT' : 'POST', body: input })

/** @throws ApiError */
export const removeTransformation = (place: Place, element: string, name: string): Promise<unknown> =>
  call(mappingPath(place, element, name), { method: 'DELETE' })

/** What is tried: a row of the vendor's as it would be read, or a common one as it would be sent. */
export interface TryOut {
  readonly place: Place
  readonly element: string
  readonly name: string
  readonly transformation: TransformationInput
  readonly direction: 'read' | 'write'
  readonly payload: Row
}

export interface TriedOut {
  readonly row: Row
  /** What the server says of it besides, such as a script that failed. */
  readonly remark: string | null
}

/** Tries a transformation that is not stored. */
export const tryOutQuery = (tried: TryOut) =>
  queryOptions({
    queryKey: [...key, 'try', tried],
    queryFn: async ({ signal }): Promise<TriedOut> => {
      const { place, element, name, transformation, direction, payload } = tried
      const { data, headers } = await ask<Row>(`/transformations/${part(name)}/execute`, {
        method: 'POST',
        signal,
        body: {
          payload,
          ...(place.level === 'instance' ? { instanceId: place.id } : { elementId: element }),
          ...(direction === 'read' ? {} : { method: 'POST' }),
          transformation: { ...transformation, level: place.level },
        },
      })
      return { row: data, remark: headers.get('elements-error') }
    },
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  })
