// The yardstick of deliveries: a loop that signs a body (HMAC-SHA256, Standard Webhooks) and posts it, so many at once.
// Nothing is stored, retried or known of a receiver.
import { createHmac } from 'node:crypto'
import { Pool } from 'undici'
import { obeyParent } from '../obey-parent.ts'
import type { Sent } from './order.ts'

export interface LoopOrder {
  readonly port: number
  readonly count: number
  readonly body: string
}

const atOnce = 64
const key = 's'.repeat(32)

const run = async ({ port, count, body }: LoopOrder): Promise<Sent> => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: atOnce, pipelining: 1 })
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const id = `msg_${next}`
      next += 1
      const timestamp = String(Math.floor(Date.now() / 1_000))
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
      const reply = await pool.request({
        path: '/hook',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
        body,
      })
      await reply.body.dump()
      if (reply.statusCode !== 200) throw new Error(`the receiver answered ${reply.statusCode}`)
    }
  }
  const beganMs = performance.now()
  await Promise.all(Array.from({ length: atOnce }, lane))
  const seconds = (performance.now() - beganMs) / 1_000
  await pool.close()
  return { seconds }
}

obeyParent({ port: 0 }, run, () => Promise.resolve())
