import type { AppError, ErrorCode } from '#src/lib/errors.ts'

const passing: ReadonlySet<ErrorCode> = new Set([
  'provider-rate-limited',
  'provider-failed',
  'provider-unreachable',
  'provider-timeout',
  'needs-reconnect',
  'instance-disabled',
  'too-many-requests',
  'key-missing',
  'store-unavailable',
])

/** What passes: the job waits, however long it takes. */
export const isPassing = ({ code }: AppError): boolean => passing.has(code)
