import { ask, connect, hub, platform } from '../../support/client.ts'
import { stayOnLoopback } from '../../support/loopback-only.ts'
import { type Product, startProduct } from '../../support/product.ts'
import type { Live } from './request-words.ts'

/** The whole product with one connected instance. */
export interface Stage {
  readonly product: Product
  readonly port: number
  /** Connects a new instance when malformed calls broke, disabled or deleted the one there was. */
  readonly live: () => Promise<Live>
  /** @throws Error when the product does not answer as on the first day. */
  readonly checkSound: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Few reports: a query that the vendor cannot filter reads them all. */
const sandboxReports = 40

const connectLive = async (product: Product): Promise<Live> => {
  const { admin } = product
  const { json: instance } = await connect(product, admin)
  const rows = await ask(`${product.url}/hubs/expense/reports`, {
    headers: hub(admin, instance.token),
    query: { pageSize: '2' },
  })
  if (rows.status !== 200) throw new Error(`a sound call got ${rows.status}: ${rows.text}`)
  return {
    user: admin.user,
    organization: admin.organization,
    element: instance.token,
    instanceId: String(instance.id),
    rowId: rows.json[0].ID,
    pageToken: String(rows.headers['elements-next-page-token']),
  }
}

/** Starts the product, kept from the network outside of this machine, and connects an instance. */
export const openStage = async (): Promise<Stage> => {
  const leaveLoopback = stayOnLoopback()
  const product = await startProduct({ sandbox: { reports: sandboxReports } })
  const origin = new URL(product.url).origin
  let current = await connectLive(product)
  const isLive = async (): Promise<boolean> => {
    const reply = await ask(`${product.url}/hubs/expense/reports`, {
      headers: hub(product.admin, current.element),
      query: { pageSize: '1' },
    })
    return reply.status === 200 && Array.isArray(reply.json)
  }
  const live = async (): Promise<Live> => {
    if (!(await isLive())) current = await connectLive(product)
    return current
  }
  return {
    product,
    port: Number(new URL(product.url).port),
    live,
    checkSound: async () => {
      const health = await ask(`${origin}/health`)
      if (health.status !== 200) throw new Error(`/health answers ${health.status}`)
      const { element } = await live()
      const { headers } = await ask(`${product.url}/hubs/expense/users`, {
        headers: hub(product.admin, element),
      })
      const logged = `${product.url}/usage/${headers['elements-request-id']}`
      for (const giveUpAt = Date.now() + 20_000; ; ) {
        const found = await ask(logged, { headers: platform(product.admin) })
        if (found.status === 200) return
        if (Date.now() > giveUpAt) throw new Error(`the request log has not the last call: ${found.text}`)
      }
    },
    close: async () => {
      await product.close()
      leaveLoopback()
    },
  }
}
