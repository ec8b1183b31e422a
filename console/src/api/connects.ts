import { queryOptions } from '@tanstack/react-query'
import { call } from './client.ts'
import type { Connection, Instance, StartedConnection } from './shapes.ts'

/** What a person fills in to connect. */
export interface ConnectInput {
  readonly element: string
  readonly name: string
  readonly tags: readonly string[] | undefined
  readonly configuration: Readonly<Record<string, string>>
  /** The instance that is connected again; absent: a new one. */
  readonly instanceId?: number
}

/** The address that is registered with the vendor's application: the server's own. */
export const callbackUrl = (publicUrl: string): string => `${publicUrl}/callback`

/** Begins a connection by consent, which only this browser can end. @throws ApiError */
export const startConnect = ({ element, ...input }: ConnectInput): Promise<StartedConnection> =>
  call<StartedConnection>('/connects', {
    method: 'POST',
    body: { ...input, element: { key: element }, bind: true },
  })

/** Connects where no person has to consent on a page of the vendor. @throws ApiError */
export const connectAtOnce = ({ element, instanceId, ...input }: ConnectInput): Promise<Instance> =>
  instanceId === undefined
    ? call<Instance>('/instances', { method: 'POST', body: { ...input, element: { key: element } } })
    : call<Instance>(`/instances/${instanceId}`, {
        method: 'PATCH',
        body: { configuration: input.configuration },
      })

const askEveryMs = 1_000

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id],
    queryFn: () => call<Connection>(`/connects/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? askEveryMs : false),
  })
