import { createHmac } from 'node:crypto'

/**
 * The headers of one attempt. `elements-webhook-signature` as Cloud Elements has it (spec/contract.md 6.2), and beside
 * it those of Standard Webhooks 1.0 (standard-webhooks.md, "Signature scheme"), both with the bytes of the same key.
 */
export const signedHeaders = (
  eventId: string,
  body: Buffer,
  key: string | undefined,
  atMs: number,
): Record<string, string> => {
  const timestamp = String(Math.floor(atMs / 1_000))
  if (key === undefined)
    return {
      'content-type': 'application/json',
      'elements-webhook-id': eventId,
      'webhook-id': eventId,
      'webhook-timestamp': timestamp,
    }
  const whole = createHmac('sha256', key).update(body).digest('base64')
  const standard = createHmac('sha256', key).update(`${eventId}.${timestamp}.`).update(body).digest('base64')
  // Not spread out of an object: V8 of Node 20 makes a hidden class for each that gets names after a spread.
  return {
    'content-type': 'application/json',
    'elements-webhook-id': eventId,
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'elements-webhook-signature': `sha256=${whole}`,
    'webhook-signature': `v1,${standard}`,
  }
}
