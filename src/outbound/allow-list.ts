import { isIP } from 'node:net'
import type ipaddr from 'ipaddr.js'
import { type Address, readAddress } from './address.ts'

interface Range {
  readonly start: Address
  readonly bits: number
}

/** Who may be reached although private, or without TLS. */
export interface AllowList {
  /** In lower case, without a final dot. */
  readonly hosts: ReadonlySet<string>
  readonly ranges: readonly Range[]
}

/** A host name as it is compared: lower case, no brackets, no final dot. */
export const hostKey = (hostname: string): string =>
  hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')

const wrong = (item: string, fix: string): never => {
  throw new Error(`'${item}' ${fix}`)
}

const readRange = (item: string): Range | null => {
  const [host = '', bits, ...more] = item.split('/')
  const start = readAddress(hostKey(host))
  if (start === null) return null
  const most = start.ip.kind() === 'ipv4' ? 32 : 128
  // Unwrapped, an IPv4 address inside an IPv6 one has other prefix lengths than it was written with.
  if (most === 32 && host.includes(':')) return wrong(item, 'holds an IPv4 address: write it as IPv4.')
  if (bits === undefined) return { start, bits: most }
  const fits = more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
  return fits
    ? { start, bits: Number(bits) }
    : wrong(item, `needs a prefix length from 0 to ${most} after the slash.`)
}

const readHost = (item: string): string => {
  if (/[/@?#\\]/.test(item)) {
    return wrong(
      item,
      'is neither a host name nor a CIDR range such as 10.0.0.0/8: leave out scheme and path.',
    )
  }
  if (item.includes(':')) return wrong(item, 'must be a host name without a port.')
  if (item.includes('*')) return wrong(item, 'must be a full host name: patterns are not known here.')
  const url = `http://${item}/`
  const name = URL.canParse(url) ? hostKey(new URL(url).hostname) : ''
  if (isIP(name) !== 0) return wrong(item, `is another spelling of ${name}: write that.`)
  const labels = name.split('.')
  const good = name.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))
  return good ? name : wrong(item, 'is neither a host name, nor an address, nor a CIDR range.')
}

/**
 * Reads host names, addresses and CIDR ranges, one an item.
 * @throws Error naming the wrong item and what to write.
 */
export const parseAllowList = (items: readonly string[]): AllowList => {
  const hosts = new Set<string>()
  const ranges: Range[] = []
  for (const item of items) {
    const range = readRange(item)
    if (range === null) hosts.add(readHost(item))
    else ranges.push(range)
  }
  return { hosts, ranges }
}

const holds = (range: Range, ip: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  range.start.ip.kind() === ip.kind() && ip.match(range.start.ip, range.bits)

/** The other end of a connection that is about to be opened. */
export interface Target {
  /** As `hostKey` writes it. */
  readonly host: string
  readonly secure: boolean
  /** Allowed by its whole origin, as if the list named its host. */
  readonly trusted: boolean
}

/**
 * Whether a connection to this address may be opened. TLS to public addresses always; all else by the list.
 * A listed name opens public and private addresses, for the name's owner could point it at a metadata
 * service: special ones open only to a range that was written for them. Some addresses open to nothing.
 */
export const mayReach = (list: AllowList, target: Target, address: Address): boolean => {
  const { kind, ip } = address
  if (kind === 'never') return false
  if (kind === 'public' && target.secure) return true
  if (kind !== 'special' && (target.trusted || list.hosts.has(target.host))) return true
  return list.ranges.some(
    (range) => (kind !== 'special' || range.start.kind === 'special') && holds(range, ip),
  )
}
