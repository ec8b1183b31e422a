import { beforeAll, expect } from 'vitest'
import { type Answer, ask, connect, hub, platform } from './client.ts'
import { three } from './instances.ts'
import { onProduct, type Stage } from './stage.ts'

/** What passes of what is not mapped. */
export const passThrough = (fromVendor: boolean, toVendor = fromVendor) => ({
  type: 'passThrough',
  properties: { fromVendor, toVendor },
})
export const off = passThrough(false)

/** Reports as trips. */
export const tripFields = [
  { path: 'id', type: 'string', vendorPath: 'ID' },
  { path: 'title', type: 'string', vendorPath: 'Name' },
  { path: 'sum.amount', type: 'number', vendorPath: 'Total' },
  { path: 'sum.currency', type: 'string', vendorPath: 'CurrencyCode' },
  { path: 'owner.name', type: 'string', vendorPath: 'OwnerName' },
]

type Fields = readonly Readonly<Record<string, unknown>>[]

/**
 * A connection and the short ways to its definitions, transformations and rows.
 * @param there a connection that there is already.
 */
export const mappingOn = async (
  { product, member }: Pick<Stage, 'product' | 'member'>,
  there?: { readonly id: number; readonly token: string },
) => {
  const { id, token } = there ?? ((await connect(product, member)).json as { id: number; token: string })
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
    /** A listing. */
    rows: async (path: string, query: Record<string, string> = {}): Promise<Record<string, unknown>[]> => {
      const found = await onHub('GET', path, { pageSize: '500', ...query })
      expect(found.status, found.text).toBe(200)
      return found.json
    },
    /** Defines a name at the instance and maps a resource to it; what stood there before goes. */
    map: async (
      name: string,
      vendorName: string,
      fields: Fields,
      configuration: Fields = [],
      more: Readonly<Record<string, unknown>> = {},
    ): Promise<Answer> => {
      await call('DELETE', `/instances/${id}/transformations/${name}`)
      await call('POST', `/instances/${id}/objects/${name}/definitions`, {
        fields: fields.map(({ path, type }) => ({ path, type })),
      })
      return call('POST', `/instances/${id}/transformations/${name}`, {
        ...{ vendorName, fields, configuration, ...more },
      })
    },
  }
}

export type Mapping = Awaited<ReturnType<typeof mappingOn>>

export interface MappingStage {
  readonly stage: Stage
  readonly mapping: Mapping
  /** Of the organization's default account. */
  readonly accountId: number
}

/** For a file of stories: a product with a connection and the ways to its mappings, told before the first of them. */
export const onMapping = (use: (made: MappingStage) => void): void => {
  let stage: Stage
  onProduct((made) => {
    stage = made
  })
  beforeAll(async () => {
    const mapping = await mappingOn(stage)
    const account = await stage.product.context.store.accounts.defaultAccount(2)
    use({ stage, mapping, accountId: account?.accountId ?? 0 })
  })
}
