import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { Received } from './receiver.ts'

/**
 * Checks a delivery by both rules: `sha256=` of Cloud Elements (spec/contract.md 6.2), and Standard Webhooks.
 * @throws Error that says which of them does not hold.
 */
export const checkSignature = ({ headers, text }: Received, key: string): void => {
  const expected = `sha256=${createHmac('sha256', key).update(text).digest('base64')}`
  const told = headers['elements-webhook-signature']
  if (told !== expected) throw new Error(`elements-webhook-signature is ${String(told)}, not ${expected}`)
  new Webhook(key, { format: 'raw' }).verify(text, headers as Record<string, string>)
}
