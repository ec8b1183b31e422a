import type { Ask } from '../operation.ts'

/** The body as a form; undefined when Content-Type says it is something else. */
export const formOf = (ask: Ask): URLSearchParams | undefined => {
  const type = ask.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(ask.body.toString('utf8'))
    : undefined
}
