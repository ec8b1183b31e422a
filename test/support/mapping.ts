import { type Answer, ask, connect, hub, platform } from './client.ts'
import { three } from './instances.ts'
import type { Stage } from './stage.ts'

type Fields = readonly Readonly<Record<string, unknown>>[]

/** A connection and the short ways to its definitions, transformations and rows. */
export const mappingOn = async ({ product, member }: Stage) => {
  const made = await connect(product, member)
  const { id, token } = made.json as { id: number; token: string }
  const call = (method: string, path: string, body?: unknown, byToken = false): Promise<Answer> =>
    ask(`${product.url}${path}`, {
      method,
      headers: byToken ? three(member, token) : platform(member),
      ...(body === undefined ? {} : { body }),
    })
  const onHub = (method: string, path: string, query: Record<string, string> = {}, body?: unknown) =>
    ask(`${product.url}/hubs/expense/${path}`, {
      method,
      headers: hub(member, token),
      query,
      ...(body === undefined ? {} : { body }),
    })
  return {
    ...{ id, token, call, onHub },
    /** Defines a name at the instance and maps a resource to it; what stood there before goes. */
    map: async (
      name: string,
      vendorName: string,
      fields: Fields,
      configuration: Fields = [],
    ): Promise<Answer> => {
      await call('DELETE', `/instances/${id}/transformations/${name}`)
      await call('POST', `/instances/${id}/objects/${name}/definitions`, {
        fields: fields.map(({ path, type }) => ({ path, type })),
      })
      return call('POST', `/instances/${id}/transformations/${name}`, { vendorName, fields, configuration })
    },
  }
}

export type Mapping = Awaited<ReturnType<typeof mappingOn>>
