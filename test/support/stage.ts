import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Member, type Product, type ProductOptions, startProduct } from './product.ts'
import { type Controls, controlsOf } from './sandbox.ts'

/** What the stories of one file play on. */
export interface Stage {
  readonly product: Product
  readonly member: Member
  readonly sandbox: Controls
}

/**
 * One product for a file of stories: started before the first and given to `take`, closed after the last. Before each
 * story the sandbox has no faults and the machine's time.
 */
export const onProduct = (take: (stage: Stage) => void, options?: ProductOptions): void => {
  let stage: Stage | undefined
  beforeAll(async () => {
    const product = await startProduct(options)
    stage = { product, member: product.admin, sandbox: controlsOf(product) }
    take(stage)
  })
  afterAll(() => stage?.product.close())
  beforeEach(() => stage?.sandbox.reset())
}
