import { afterAll, beforeAll, beforeEach } from 'vitest'
import { hub } from './client.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { type Connected, codeFor, companyBy, connected, post } from './grants.ts'
import { configuration } from './instances.ts'
import { type Product, type ProductOptions, startProduct } from './product.ts'
import { type RawAnswer, rawCall } from './raw-call.ts'
import { type Controls, controlsOf } from './sandbox.ts'

/** A product whose calls to the sandbox go through a gateway that sees them, and an instance with both grants. */
export interface GatewayStage {
  readonly product: Product
  readonly gateway: Gateway
  readonly sandbox: Controls
  readonly instance: Connected
  /** A hub call with bytes; the path goes out letter by letter. */
  readonly raw: (path: string, options?: Parameters<typeof rawCall>[2]) => Promise<RawAnswer>
}

/** One such stage for a file of stories; before each, nothing was seen, no fault is set, and all passes. */
export const onGateway = (take: (stage: GatewayStage) => void, options: ProductOptions = {}): void => {
  let stage: GatewayStage | undefined
  beforeAll(async () => {
    const gateway = await startGateway()
    const product = await startProduct({
      ...options,
      environment: { SANDBOX_PORT: String(gateway.port), ...options.environment },
    })
    gateway.passTo(product.sandbox.port)
    const sandbox = controlsOf(product)
    const made = await post(product, product.admin, {
      configuration: { ...configuration, ...companyBy(await sandbox.requestToken()) },
      providerData: { code: await codeFor(product, product.admin) },
    })
    const instance = connected(product, product.admin, made)
    const own = hub(product.admin, instance.token)
    const raw: GatewayStage['raw'] = (path, call = {}) =>
      rawCall(product.url, `/hubs/expense${path}`, { ...call, headers: { ...own, ...call.headers } })
    stage = { product, gateway, sandbox, instance, raw }
    take(stage)
  })
  afterAll(async () => {
    await stage?.product.close()
    await stage?.gateway.close()
  })
  beforeEach(async () => {
    await stage?.sandbox.reset()
    stage?.gateway.answer('', undefined)
    if (stage !== undefined) stage.gateway.seen.length = 0
  })
}
