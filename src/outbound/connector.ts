import { type LookupFunction, Socket } from 'node:net'
import { buildConnector } from 'undici'
import { AppError } from '#src/lib/errors.ts'
import { readAddress } from './address.ts'
import { type AllowList, hostKey, mayReach, type Target } from './allow-list.ts'
import type { Resolve } from './resolve.ts'

const connectTimeoutMs = 10_000

const blocked = ({ host, secure }: Target, anyPublic: boolean): AppError => {
  const fix = `add ${host} to OUTBOUND_ALLOW`
  const message =
    !secure && anyPublic
      ? `${host} is not called over plain http: use https, or ${fix}.`
      : `${host} has no address on the public internet, so it is not called. If it is yours, ${fix}.`
  return new AppError('address-blocked', message, { hop: 'amalgam', retryable: false })
}

/**
 * Opens the sockets of one origin. Each address is judged when a connection to it is opened, after the name
 * was resolved, so a name that changes its address between two calls gains nothing. IP literals are judged
 * apart, because the socket asks no resolver for them.
 * @param opened keeps every socket until it is closed, also those still connecting.
 */
export const createConnector = (
  list: AllowList,
  target: Target,
  resolve: Resolve,
  opened: Set<Socket>,
): buildConnector.connector => {
  const judge = (addresses: readonly string[]): ReadonlySet<string> => {
    const read = addresses.map((text) => ({ text, address: readAddress(text) }))
    const good = read.filter(({ address }) => address !== null && mayReach(list, target, address))
    if (good.length === 0)
      throw blocked(
        target,
        read.some(({ address }) => address?.kind === 'public'),
      )
    return new Set(good.map(({ text }) => text))
  }

  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, (error, found) => {
      if (error !== null) return callback(error, '')
      try {
        const good = judge(found.map(({ address }) => address))
        const usable = found.filter(({ address }) => good.has(address))
        const [first = { address: '', family: 4 }] = usable
        return options.all === true ? callback(null, usable) : callback(null, first.address, first.family)
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, '')
      }
    })
  }

  const connect = buildConnector({
    lookup,
    timeout: connectTimeoutMs,
    maxCachedSessions: 4,
    autoSelectFamily: true,
  })

  return (options, callback) => {
    const literal = hostKey(options.hostname)
    try {
      if (readAddress(literal) !== null) judge([literal])
    } catch (refusal) {
      return queueMicrotask(() => callback(refusal as AppError, null))
    }
    // The socket is in the connector's result, although its type does not tell.
    const socket: unknown = connect(options, callback)
    if (!(socket instanceof Socket)) return
    opened.add(socket)
    socket.once('close', () => opened.delete(socket))
  }
}
