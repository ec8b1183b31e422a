import type { Element, ElementEnvironment, Site, SiteChoice } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { legacy } from './legacy/login.ts'

/**
 * SAP Concur's data centres.
 * Source: SAP Concur "Base URIs" (src/platform/base-uris), spec/concur.md 1.2, read 2026-08.
 */

/** The sandbox's own, public application; it exists nowhere else. */
export const sandboxApp = { key: 'amalgam-sandbox', secret: 'amalgam-sandbox-secret' } as const

/** The sandbox's further applications: other rules, and one of the deprecated framework. */
const sandboxKeys: ReadonlySet<string> = new Set([
  sandboxApp.key,
  'amalgam-sandbox-legacy',
  'other-sandbox',
  'limited-sandbox',
  'disabled-sandbox',
])

const sandboxKey = 'sandbox'

const hostOf = (name: string): string =>
  name === 'cn' ? 'cn.api.concurcdc.cn' : `${name}.api.concursolutions.com`

/** Production shares one token host, `glz`; test installations and China have only their own. */
const ownTokenHost = new Set(['us-impl', 'emea-impl', 'cn'])
const offered = ['us2', 'eu2', 'apj1', 'usg', 'cn', 'us-impl', 'emea-impl'] as const
const older = ['us', 'eu', 'emea'] as const

const siteFor = (name: string): Site => ({
  key: name,
  authorizeUrl: name === 'cn' ? `https://${hostOf(name)}` : `https://www-${hostOf(name)}`,
  tokenUrl: `https://${hostOf(ownTokenHost.has(name) ? name : 'glz')}`,
  apiUrl: `https://${hostOf(name)}`,
  // SAP Concur documents no code challenge (RFC 7636); the sandbox takes one.
  pkce: false,
})

/** Hosts of the deprecated framework (spec/concur.md 1.1), and what they are called by. */
const legacyNames = ['www', 'eu1', 'implementation', 'eu1imp'] as const
const legacyHostOf = (name: string): string => `${name}.concursolutions.com`
/** Where companies of the old hosts are today, by the names that people know them by. */
const legacyOf: ReadonlyMap<string, string> = new Map([
  ['us2', 'www'],
  ['us', 'www'],
  ['eu2', 'eu1'],
  ['eu', 'eu1'],
  ['emea', 'eu1'],
  ['us-impl', 'implementation'],
  ['emea-impl', 'eu1imp'],
])

const legacySite = (name: string): Site => {
  const url = `https://${legacyHostOf(name)}`
  return { key: `legacy-${name}`, authorizeUrl: url, tokenUrl: url, apiUrl: url, pkce: false }
}

const lookUpLegacy = (address: string): Site | undefined => {
  const host = address
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/.*$/, '')
  const name = host
    .replace(/\.concursolutions\.com$/, '')
    .replace(/^www-/, '')
    .replace(/\.api$/, '')
  const known = legacyNames.find((one) => one === name) ?? legacyOf.get(name)
  return known === undefined ? undefined : legacySite(known)
}

const names: readonly string[] = [...offered, ...older]
const real: Readonly<Record<string, Site>> = Object.fromEntries(names.map((name) => [name, siteFor(name)]))

const ownHosts: ReadonlySet<string> = new Set([
  ...names.flatMap((name) => [hostOf(name), `www-${hostOf(name)}`]),
  hostOf('glz'),
  ...legacyNames.map(legacyHostOf),
])

const allowed = `${offered.join(', ')}, sandbox, or a host such as ${hostOf('us2')}`

/** Where companies of the hosts of the deprecated framework are today. */
const currentOf: Readonly<Record<string, string>> = {
  www: 'us2',
  eu1: 'eu2',
  implementation: 'us-impl',
  eu1imp: 'emea-impl',
}

/**
 * `us2`, `us2.api.concursolutions.com`, `www-us2...` and `https://us2...` all mean the same site, and so does the
 * old host of its companies, for connections that were moved from there.
 */
const lookUp = (address: string): Site | undefined => {
  const text = address.trim().toLowerCase()
  const host = text.replace(/^https:\/\//, '').replace(/\/.*$/, '')
  return (
    (Object.hasOwn(real, text) ? real[text] : undefined) ??
    legacyNames
      .filter((name) => name === text || legacyHostOf(name) === host)
      .map((name) => siteFor(currentOf[name] ?? name))[0] ??
    names.map(siteFor).find((site) => [hostOf(site.key), `www-${hostOf(site.key)}`].includes(host))
  )
}

export const concurVendorSites = (
  environment: ElementEnvironment,
): Pick<Element['vendor'], 'siteOf' | 'isOwnUrl'> => {
  const { sandboxUrl } = environment
  const sandbox: Site | undefined =
    sandboxUrl === undefined
      ? undefined
      : { key: sandboxKey, authorizeUrl: sandboxUrl, tokenUrl: sandboxUrl, apiUrl: sandboxUrl, pkce: true }

  const sandboxOrRefuse = (): Site => {
    if (sandbox !== undefined) return sandbox
    throw new AppError(
      'bad-request',
      'siteAddress: the Concur sandbox does not run here (SANDBOX=off). Start it, or use the key and secret of your own Concur application.',
    )
  }

  const isSandboxAddress = (address: string): boolean =>
    address.toLowerCase() === 'sandbox' || address === sandbox?.apiUrl

  const realSite = (address: string, isLegacy: boolean): Site => {
    const site = isLegacy ? lookUpLegacy(address) : lookUp(address)
    if (site !== undefined) return site
    throw new AppError('bad-request', `siteAddress: it is not a Concur data centre. Allowed: ${allowed}.`)
  }

  const siteOfSandboxKey = (address: string): Site => {
    if (address === '' || isSandboxAddress(address)) return sandboxOrRefuse()
    throw new AppError(
      'bad-request',
      `siteAddress: this application exists on the sandbox only. Leave siteAddress out, or use your own application's key.`,
    )
  }

  const siteOfRealKey = (address: string, isLegacy: boolean): Site => {
    if (!isSandboxAddress(address)) return realSite(address === '' ? 'us2' : address, isLegacy)
    throw new AppError(
      'bad-request',
      `siteAddress: the sandbox takes only its own applications, such as ${sandboxApp.key}, so that no real secret is sent to it.`,
    )
  }

  const siteOf = ({ siteAddress = '', apiKey, authType }: SiteChoice): Site =>
    sandboxKeys.has(apiKey ?? '')
      ? siteOfSandboxKey(siteAddress.trim())
      : siteOfRealKey(siteAddress.trim(), authType === legacy.type)

  /** Tokens of the sandbox stay there, and real ones never reach it. */
  const isOwnUrl = (url: URL, site: Site): boolean => {
    if (site.key === sandboxKey) return url.origin === new URL(site.apiUrl).origin
    return url.protocol === 'https:' && url.port === '' && ownHosts.has(url.hostname)
  }

  return { siteOf, isOwnUrl }
}
