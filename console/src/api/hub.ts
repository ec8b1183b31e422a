import { queryOptions } from '@tanstack/react-query'
import { ask, call } from './client.ts'
import type { Instance, Row } from './shapes.ts'

export interface FoundRows {
  readonly rows: readonly Row[]
  /** Who filters what, in the server's words. */
  readonly plan: string | null
  readonly nextPage: string | null
  readonly requestId: string | null
  readonly ms: number
}

export interface RowQuery {
  readonly hub: string
  readonly resource: string
  readonly where: string
  readonly fields: string
  readonly pageSize: string
}

/** The parameters of a list, without the empty ones. */
export const parametersOf = (query: RowQuery): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      pageSize: query.pageSize,
      fields: query.fields.trim(),
      where: query.where.trim(),
    }).filter(([, value]) => value !== ''),
  )

/** One page of rows. @throws ApiError */
export const findRows = async (
  instance: Instance,
  query: RowQuery,
  nextPage: string | undefined,
): Promise<FoundRows> => {
  const startedMs = performance.now()
  const { data, headers } = await ask<readonly Row[]>(`/hubs/${query.hub}/${query.resource}`, {
    element: instance.token,
    query: { ...parametersOf(query), ...(nextPage === undefined ? {} : { nextPage }) },
  })
  return {
    rows: data,
    plan: headers.get('elements-query-plan'),
    nextPage: headers.get('elements-next-page-token'),
    requestId: headers.get('elements-request-id'),
    ms: Math.round(performance.now() - startedMs),
  }
}

interface ObjectMetadata {
  readonly fields: readonly { readonly path: string; readonly type: string }[]
}

export const fieldsQuery = (instance: Instance, hub: string, resource: string) =>
  queryOptions({
    queryKey: ['fields', instance.id, resource],
    queryFn: () =>
      call<ObjectMetadata>(`/hubs/${hub}/objects/${resource}/metadata`, { element: instance.token }),
    staleTime: 300_000,
  })
