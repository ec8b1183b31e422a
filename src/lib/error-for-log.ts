import { maskShapes } from './mask.ts'

/**
 * An error for the log: name, text, stack and code of the error and its causes. Other properties stay out, since
 * database and socket errors carry values of customers there.
 */
export const errorForLog = (thrown: unknown, depth = 0): unknown => {
  if (!(thrown instanceof Error)) return { thrown: typeof thrown }
  const code = 'code' in thrown ? String(thrown.code) : undefined
  return {
    name: thrown.name,
    message: maskShapes(thrown.message),
    stack: maskShapes(thrown.stack ?? ''),
    ...(code === undefined ? {} : { code }),
    ...(thrown.cause === undefined || depth > 4 ? {} : { cause: errorForLog(thrown.cause, depth + 1) }),
  }
}
