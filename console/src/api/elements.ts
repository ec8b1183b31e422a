import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from './client.ts'
import { elementsKey } from './queries.ts'
import type { ElementPreview, Metadata } from './shapes.ts'

/** An element's JSON as a person brought it. */
export interface ElementSource {
  /** The name of its file; undefined: it was pasted. */
  readonly file: string | undefined
  readonly text: string
  /** Another key than the JSON says. */
  readonly key?: string
}

/** The text itself, so that the API can tell the line of what is wrong; with another key the JSON was read already. */
const jsonOf = ({ text, key }: ElementSource): string =>
  key === undefined ? text : JSON.stringify({ ...(JSON.parse(text) as object), key })

/** What would become of an element's JSON; nothing is stored. @throws ApiError */
export const previewElement = (source: ElementSource): Promise<ElementPreview> =>
  call<ElementPreview>('/elements/preview', { method: 'POST', json: jsonOf(source) })

/** What is known of elements is asked for anew by the page that comes next. */
const forgetElements = (client: QueryClient): void => client.removeQueries({ queryKey: elementsKey })

type Stored = Pick<Metadata, 'key'>

/** Stores an element, or what takes the place of the one that is called `replaces`. @throws ApiError */
export const useStoreElement = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ source, replaces }: { readonly source: ElementSource; readonly replaces?: string }) =>
      replaces === undefined
        ? call<Stored>('/elements', { method: 'POST', json: jsonOf(source) })
        : call<Stored>(`/elements/${encodeURIComponent(replaces)}`, { method: 'PUT', json: jsonOf(source) }),
    onSuccess: () => forgetElements(client),
  })
}

/** An element as another Amalgam, or Cloud Elements, takes it. @throws ApiError */
export const exportElement = (key: string): Promise<unknown> =>
  call<unknown>(`/elements/${encodeURIComponent(key)}/export`)

/** @throws ApiError, while there are instances of it. */
export const removeElement = (key: string): Promise<unknown> =>
  call(`/elements/${encodeURIComponent(key)}`, { method: 'DELETE' })
