import type { Json } from '#src/lib/json.ts'
import { maskSecrets, maskShapes } from '#src/lib/mask.ts'
import type { OwnReply } from './need.ts'

/** What a reply says, as it is told to people and receivers. */
export interface Answered {
  /** JSON, or a text; null where there was none, or it cannot be told. */
  readonly response: Json
  /** What went wrong, in words. */
  readonly error: string | null
}

/** A receiver's body: larger ones are refused by most. */
const mostBytes = 5 * 1024 * 1024

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** Replies of the platform show tokens to whoever asks for them; those of a hub are the vendor's data. */
const isOfHub = ({ headers }: OwnReply): boolean => headers['elements-element-instance-id'] !== undefined

const untold = (what: string): Answered => ({
  response: null,
  error: `${what} Send the call without Elements-Async-Request to read it.`,
})

/** The message of an error reply. */
const messageOf = (status: number, response: Json): string | null => {
  if (status < 400) return null
  const message =
    typeof response === 'object' && response !== null && 'message' in response ? response.message : ''
  return typeof message === 'string' && message !== '' ? message : `status ${status}`
}

/**
 * What is told of a reply.
 * @param secrets of the call; with `***` in their place, as in place of tokens that the platform shows.
 */
export const answered = (reply: OwnReply, secrets: readonly string[]): Answered => {
  const { status, body } = reply
  const type = reply.headers['content-type'] ?? ''
  if (body.length === 0) return { response: null, error: messageOf(status, null) }
  if (!/json|^text\//i.test(type)) return untold(`The reply is a file (${type || 'of no type'}).`)
  if (body.length > mostBytes) return untold(`The reply has ${body.length} bytes, more than ${mostBytes}.`)
  const masked = maskSecrets(body.toString('utf8'), secrets)
  const text = isOfHub(reply) ? masked : maskShapes(masked)
  const response = /json/i.test(type) ? parsed(text) : text
  return { response, error: messageOf(status, response) }
}
