import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type EventWork, loopbackAllowed, openEventWork } from './events.ts'
import { type Product, startProduct } from './product.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { type Controls, controlsOf } from './sandbox.ts'

/** What stories of events play on. */
export interface EventStage {
  readonly product: Product
  readonly work: EventWork
  readonly receiver: Receiver
  readonly sandbox: Controls
}

/** For a file of stories: a product with its background work, given to `take` before the first of them. */
export const onEventWork = (take: (stage: Pick<EventStage, 'product' | 'work'>) => void): void => {
  let product: Product | undefined
  let work: EventWork | undefined
  beforeAll(async () => {
    product = await startProduct({ environment: loopbackAllowed })
    work = await openEventWork(product)
    take({ product, work })
  })
  afterAll(async () => {
    await work?.close()
    await product?.close()
  })
}

/**
 * For a file of stories: a product with its background work and a receiver, given to `take` before the first of them.
 * Before each the sandbox has no faults, and the receiver has heard nothing and answers 200.
 */
export const onEvents = (take: (stage: EventStage) => void): void => {
  let receiver: Receiver
  let sandbox: Controls | undefined
  // Before the work: so it closes after it, which may still be sending there.
  beforeAll(async () => {
    receiver = await startReceiver()
  })
  afterAll(() => receiver?.close())
  onEventWork(({ product, work }) => {
    sandbox = controlsOf(product)
    take({ product, work, receiver, sandbox })
  })
  beforeEach(async () => {
    await sandbox?.faults()
    // What other tests changed lies well before this one, by the vendor's clock.
    await sandbox?.addSeconds(10)
    receiver.answer({ status: 200 })
    receiver.forget()
  })
}
