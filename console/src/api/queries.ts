import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, orElse } from './client.ts'
import type { Instance, InstanceTest, Metadata } from './shapes.ts'

export const elementsKey = ['elements'] as const

export const elementsQuery = queryOptions({
  queryKey: elementsKey,
  queryFn: () => call<Metadata[]>('/elements/metadata', { query: { expand: 'true' } }),
  staleTime: 300_000,
})

const part = (key: string): string => encodeURIComponent(key)

export const elementQuery = (key: string) =>
  queryOptions({
    queryKey: [...elementsKey, key],
    queryFn: () => call<Metadata>(`/elements/${part(key)}/metadata`, { query: { expand: 'true' } }),
    staleTime: 300_000,
  })

const instancesKey = ['instances'] as const

/** No instance is a 404 on this API (contract section 2.2). */
export const instancesQuery = queryOptions({
  queryKey: instancesKey,
  queryFn: (): Promise<Instance[]> => orElse(call<Instance[]>('/instances'), []),
})

export const instanceQuery = (id: string) =>
  queryOptions({
    queryKey: [...instancesKey, id],
    queryFn: () => call<Instance>(`/instances/${part(id)}`),
  })

/** Everything that a person does to an instance; each shows the new state after. */
export const useInstanceAction = <Input, Output>(run: (input: Input) => Promise<Output>) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ queryKey: instancesKey }),
  })
}

export const testInstance = (id: number): Promise<InstanceTest> =>
  call<InstanceTest>(`/instances/${id}/test`, { method: 'POST' })

export const setEnabled = (id: number, enabled: boolean): Promise<unknown> =>
  call(`/instances/${id}/enabled`, { method: enabled ? 'PUT' : 'DELETE' })

export const removeInstance = (id: number): Promise<unknown> => call(`/instances/${id}`, { method: 'DELETE' })
