import type { Json } from '#src/lib/json.ts'
import { maskSecrets } from '#src/lib/mask.ts'
import { secretsInHeaders, secretsInJson, secretsInPairs } from '#src/lib/secrets-in.ts'
import type { OutboundRequest } from './call.ts'

/** Larger bodies hold a customer's data, not credentials. */
const largestSearchedBody = 65_536

const inBody = (body: OutboundRequest['body'], contentType: string): readonly string[] => {
  if (typeof body !== 'string' || body.length > largestSearchedBody) return []
  if (contentType.includes('form-urlencoded')) return secretsInPairs(new URLSearchParams(body))
  if (!contentType.includes('json')) return []
  try {
    return secretsInJson(JSON.parse(body) as Json)
  } catch {
    return []
  }
}

const secretsOf = ({ headers = {}, body, url, secrets = [] }: OutboundRequest): readonly string[] => {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const query = url.includes('?') && URL.canParse(url) ? new URL(url).searchParams : []
  return [...secrets, ...secretsInHeaders(headers), ...secretsInPairs(query), ...inBody(body, type)]
}

/** Replaces by `***` what a request carried that nobody else should read: a vendor may repeat it in its words. */
export const maskOf = (request: OutboundRequest): ((text: string) => string) => {
  let found: readonly string[] | undefined
  return (text) => {
    found ??= secretsOf(request)
    return maskSecrets(text, found)
  }
}
