/**
 * A reason why the program cannot start, written for the person at the terminal: one line that names
 * what is wrong and what to do. `main` prints the message alone (no stack) and exits with code 1.
 * Never a secret in the message.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** The `code` of a system or database error (`ENOSPC`, `28P01`), or undefined. */
export const errorCode = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
