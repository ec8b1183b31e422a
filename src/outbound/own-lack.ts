import { AppError } from '#src/lib/errors.ts'

const forFiles = 'raise its limit of open files (ulimit -n, or LimitNOFILE of systemd)'
const forPorts = 'give it a wider range of ports (net.ipv4.ip_local_port_range of Linux)'
const forMemory = 'give it more memory, or less to do at once'

/** What this machine may lack for a connection, and the fix: https://man7.org/linux/man-pages/man2/connect.2.html, socket.2 */
const lacks: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  EMFILE: ['Amalgam has as many files and connections open as it may', forFiles],
  ENFILE: ['This machine has as many files and connections open as it can', 'raise fs.file-max of Linux'],
  EADDRNOTAVAIL: ['This machine has no port left for one more connection there', forPorts],
  ENOBUFS: ['This machine has no memory left for one more connection', forMemory],
  ENOMEM: ['This machine has no memory left for one more connection', forMemory],
}

/** A text member of an error, as Node's system errors have them; empty when there is none. */
export const textIn = (error: unknown, name: 'code' | 'syscall' | 'address'): string => {
  if (!(error instanceof Error) || !(name in error)) return ''
  const text: unknown = Reflect.get(error, name)
  return typeof text === 'string' ? text : ''
}

/** Whether a connection, or the look-up before it, failed for want of something on this machine. */
export const isOwnLack = (error: unknown): boolean => {
  const code = textIn(error, 'code')
  if (!Object.hasOwn(lacks, code)) return false
  // Where IPv6 is off, connecting to one of its addresses fails so too, and will for good.
  if (code === 'EADDRNOTAVAIL') return !textIn(error, 'address').includes(':')
  // Of a connection that stood, which may have carried the request.
  return !['read', 'write'].includes(textIn(error, 'syscall'))
}

/** Says nothing where another address could be tried: IPv6 that this machine does not have. */
const isNoRoute = (error: unknown): boolean =>
  ['ENETUNREACH', 'EADDRNOTAVAIL'].includes(textIn(error, 'code'))

/**
 * What a failure is to be judged by. A name with several addresses fails with an error for each, and with the code of
 * the first: what a far side answered at any of them counts most, then what this machine lacked.
 */
export const decisiveOf = (error: unknown): unknown => {
  if (!(error instanceof AggregateError)) return error
  const errors: readonly unknown[] = error.errors
  return errors.find((one) => !isOwnLack(one) && !isNoRoute(one)) ?? errors.find(isOwnLack) ?? error
}

/** The same kind of error as too many origins: no failure of the far side, which was not called. */
export const ownLack = (error: unknown, host: string): AppError => {
  const code = textIn(error, 'code')
  const [what, fix] = lacks[code] ?? []
  return new AppError(
    'too-many-requests',
    `${what}, so ${host} was not called (${code}): ${fix}.`,
    { hop: 'amalgam', retryable: true, retryAfterSeconds: 1 },
    { cause: error },
  )
}
