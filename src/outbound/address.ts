import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * What an address is to a guard. `public`: anybody's. `private`: this machine or its networks (loopback,
 * RFC 1918, RFC 6598, RFC 4193). `special`: link-local with the metadata services of clouds, tunnels,
 * documentation and all else that IANA reserves. `never`: no single far host (0.0.0.0/8, multicast, broadcast).
 */
export type AddressKind = 'public' | 'private' | 'special' | 'never'

export interface Address {
  readonly kind: AddressKind
  /** The address that a packet reaches in the end: an IPv4 address inside an IPv6 spelling is unwrapped. */
  readonly ip: ipaddr.IPv4 | ipaddr.IPv6
}

const kinds: Readonly<Record<string, AddressKind>> = {
  unicast: 'public',
  loopback: 'private',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  unspecified: 'never',
  multicast: 'never',
  broadcast: 'never',
}

// RFC 6052: hosts without IPv4 reach it through this prefix, so the address inside decides.
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96')
// RFC 4291 and the IANA registry: all global unicast addresses that exist lie here. The library calls the
// obsolete `::127.0.0.1` spelling and unassigned space unicast as well.
const assigned = ipaddr.IPv6.parseCIDR('2000::/3')

const unwrap = (ip: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 => {
  if (!(ip instanceof ipaddr.IPv6)) return ip
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address()
  return ip.match(translated) ? new ipaddr.IPv4(ip.toByteArray().slice(12)) : ip
}

/**
 * Writes the last four bytes in hex where they are in dots. The library reads `::8.8.8.8` as if it were
 * `::ffff:8.8.8.8`, which is another address.
 */
const inHex = (text: string): string =>
  text.replace(/:(\d+)\.(\d+)\.(\d+)\.(\d+)/, (_all, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number)
    return `:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })

/**
 * Classifies an address as Node's sockets and resolver spell it (dotted IPv4, or IPv6 with or without a zone).
 * @returns null when the text is no address.
 */
export const readAddress = (text: string): Address | null => {
  if (isIP(text) === 0) return null
  const ip = unwrap(ipaddr.parse(inHex(text)))
  const kind = kinds[ip.range()] ?? 'special'
  const real = kind !== 'public' || ip instanceof ipaddr.IPv4 || ip.match(assigned)
  return { kind: real ? kind : 'special', ip }
}
