import { Socket } from 'node:net'

const isLoopback = (host: string): boolean => /^(localhost|::1|127(\.\d{1,3}){3})$/.test(host)

/** The host that a call of `connect` goes to; undefined for a path in the file system. */
const hostOf = (args: readonly unknown[]): string | undefined => {
  const [first, second] = args
  // node:net hands its own calls over as one array.
  if (Array.isArray(first)) return hostOf(first)
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return undefined
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost'
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined
  return typeof second === 'string' ? second : 'localhost'
}

/**
 * From now on no socket of this process leaves this machine: generated requests name vendors' hosts by accident,
 * and a proof must neither call nor even look up one. Such a connection fails as on a machine without a network.
 * Returns how to undo it.
 */
export const stayOnLoopback = (): (() => void) => {
  const original = Socket.prototype.connect
  const guarded = function (this: Socket, ...args: unknown[]): Socket {
    const host = hostOf(args)
    if (host === undefined || isLoopback(host)) return Reflect.apply(original, this, args) as Socket
    const error = Object.assign(new Error('connect ENETUNREACH: only loopback here'), { code: 'ENETUNREACH' })
    process.nextTick(() => this.destroy(error))
    return this
  }
  Socket.prototype.connect = guarded as typeof original
  return () => {
    Socket.prototype.connect = original
  }
}
