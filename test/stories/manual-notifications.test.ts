import { expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { onEventWork } from '../support/event-stage.ts'
import type { EventWork } from '../support/events.ts'
import type { Product } from '../support/product.ts'
import { startReceiver } from '../support/receiver.ts'
import { checkSignature } from '../support/signature.ts'

let product: Product
let work: EventWork

onEventWork((stage) => {
  product = stage.product
  work = stage.work
})

it('6/2 what people say to the subscribers of an instance reaches its callback signed, with its credentials', async () => {
  const key = 'a key of thirty-two characters !!'
  const receiver = await startReceiver()
  try {
    const instance = await work.connect(product.admin, {
      'event.notification.enabled': 'true',
      'event.vendor.type': 'webhook',
      'event.notification.callback.url': `${receiver.url}/hook`,
      'event.notification.basic.username': 'caller',
      'event.notification.basic.password': 'pass word',
      'event.notification.signature.key': key,
    })
    const told = await ask(`${product.url}/notifications`, {
      headers: platform(product.admin),
      body: { topic: `instance-${instance.id}-concur-events`, severity: 'low', message: 'm', from: 'f' },
    })
    expect(told.status, told.text).toBe(200)
    const [call] = await receiver.until(1)
    if (call === undefined) throw new Error('none')
    expect(() => checkSignature(call, key)).not.toThrow()
    expect(call.headers['authorization']).toBe(`Basic ${Buffer.from('caller:pass word').toString('base64')}`)
  } finally {
    await receiver.close()
  }
})
