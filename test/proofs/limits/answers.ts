import type { Answer } from '../../support/client.ts'

/** What a failing vendor may make of a hub call: code by code, with its status. */
const rightErrors: Readonly<Record<string, number>> = {
  'provider-rate-limited': 429,
  'provider-failed': 502,
  'provider-unreachable': 502,
  'provider-timeout': 504,
}

const limitFault = ({ json, headers }: Answer): string | undefined => {
  const { retryAfter } = json
  if (!Number.isInteger(retryAfter) || retryAfter < 1) return `retryAfter is ${retryAfter}`
  return headers['retry-after'] === String(retryAfter)
    ? undefined
    : `Retry-After is ${headers['retry-after']}, retryAfter ${retryAfter}`
}

/** What is wrong with an answer that is no success; undefined: it is a right error. */
export const errorFault = (answer: Answer): string | undefined => {
  const { status, json, text } = answer
  if (rightErrors[json?.code] !== status) return `answered ${status}: ${text.slice(0, 300)}`
  if (typeof json.message !== 'string' || json.message === '') return `has no message: ${text.slice(0, 300)}`
  return status === 429 ? limitFault(answer) : undefined
}
