import { createHash } from 'node:crypto'

/** Names stand in the index of what was put off (store/migrations). */
const longestName = 300

/**
 * A receiver by what answers there: two paths of one host may be two programs, of two customers. A query tells calls
 * apart, and may hold a secret.
 */
export const receiverAt = (url: string): string => {
  if (!URL.canParse(url)) return url.slice(0, longestName)
  const { origin, pathname } = new URL(url)
  const name = `${origin}${pathname}`
  if (name.length <= longestName) return name
  const hash = createHash('sha256').update(name).digest('base64url')
  return `${name.slice(0, longestName - hash.length - 1)}~${hash}`
}
