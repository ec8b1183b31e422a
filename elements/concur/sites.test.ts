import { describe, expect, it } from 'vitest'
import type { SiteChoice } from '#src/element/index.ts'
import { concurVendorSites, sandboxApp } from './sites.ts'

const { siteOf: siteOfChoice, isOwnUrl } = concurVendorSites({ sandboxUrl: 'http://127.0.0.1:8081' })
const configured = () => undefined
const siteOf = (choice: Omit<SiteChoice, 'configured'>) => siteOfChoice({ ...choice, configured })
const without = concurVendorSites({})

describe('which Concur a connection means', () => {
  it('is us2 when nothing is said', () => {
    expect(siteOf({ siteAddress: undefined, apiKey: 'mine' }).apiUrl).toBe(
      'https://us2.api.concursolutions.com',
    )
  })

  it("is the sandbox for the sandbox's own application", () => {
    expect(siteOf({ siteAddress: undefined, apiKey: sandboxApp.key }).apiUrl).toBe('http://127.0.0.1:8081')
  })

  it.each([
    ['eu2', 'https://eu2.api.concursolutions.com'],
    ['EU2', 'https://eu2.api.concursolutions.com'],
    ['www-apj1.api.concursolutions.com', 'https://apj1.api.concursolutions.com'],
    ['https://us-impl.api.concursolutions.com/', 'https://us-impl.api.concursolutions.com'],
    ['cn', 'https://cn.api.concurcdc.cn'],
    ['us', 'https://us.api.concursolutions.com'],
    ['eu1', 'https://eu2.api.concursolutions.com'],
    ['https://www.concursolutions.com/', 'https://us2.api.concursolutions.com'],
    ['implementation.concursolutions.com', 'https://us-impl.api.concursolutions.com'],
  ])('reads %s', (siteAddress, apiUrl) => {
    expect(siteOf({ siteAddress, apiKey: 'mine' }).apiUrl).toBe(apiUrl)
  })

  it('sends browsers to the www- twin and code exchanges to glz', () => {
    const site = siteOf({ siteAddress: 'eu2', apiKey: 'mine' })
    expect(site.authorizeUrl).toBe('https://www-eu2.api.concursolutions.com')
    expect(site.tokenUrl).toBe('https://glz.api.concursolutions.com')
  })

  it('keeps test installations on their own token host', () => {
    expect(siteOf({ siteAddress: 'us-impl', apiKey: 'mine' }).tokenUrl).toBe(
      'https://us-impl.api.concursolutions.com',
    )
  })

  it.each([
    'us3',
    'example.com',
    'https://us2.api.concursolutions.com.example.com',
    'us2.api.concursolutions.com@evil.example',
    '',
  ])('refuses or ignores %j without leaving the list', (siteAddress) => {
    if (siteAddress === '') expect(siteOf({ siteAddress, apiKey: 'mine' }).key).toBe('us2')
    else expect(() => siteOf({ siteAddress, apiKey: 'mine' })).toThrow(/siteAddress/)
  })

  it('never sends a real key to the sandbox, nor the reverse', () => {
    expect(() => siteOf({ siteAddress: 'sandbox', apiKey: 'mine' })).toThrow(/only its own applications/)
    expect(() => siteOf({ siteAddress: 'http://127.0.0.1:8081', apiKey: 'mine' })).toThrow(
      /only its own applications/,
    )
    expect(() => siteOf({ siteAddress: 'us2', apiKey: sandboxApp.key })).toThrow(/sandbox only/)
  })

  it('says so when no sandbox runs', () => {
    expect(() => without.siteOf({ siteAddress: undefined, apiKey: sandboxApp.key, configured })).toThrow(
      /SANDBOX=off/,
    )
  })
})

describe('which Concur a connection of the deprecated framework means', () => {
  const authType = 'legacy'
  it.each([
    ['', 'https://www.concursolutions.com'],
    ['us2', 'https://www.concursolutions.com'],
    ['www', 'https://www.concursolutions.com'],
    ['eu1', 'https://eu1.concursolutions.com'],
    ['eu2.api.concursolutions.com', 'https://eu1.concursolutions.com'],
    ['https://www-eu2.api.concursolutions.com/', 'https://eu1.concursolutions.com'],
    ['eu1.concursolutions.com', 'https://eu1.concursolutions.com'],
    ['us-impl', 'https://implementation.concursolutions.com'],
    ['EU1IMP', 'https://eu1imp.concursolutions.com'],
  ])('reads %j', (siteAddress, url) => {
    const site = siteOf({ siteAddress, apiKey: 'mine', authType })
    expect([site.authorizeUrl, site.tokenUrl, site.apiUrl]).toEqual([url, url, url])
  })

  it.each(['apj1', 'cn', 'x', 'www.concursolutions.com.evil.example', 'constructor', '__proto__'])(
    'refuses %j, where no such host is or was',
    (siteAddress) => {
      expect(() => siteOf({ siteAddress, apiKey: 'mine', authType })).toThrow(/siteAddress/)
    },
  )

  it('is the sandbox for its application of that framework', () => {
    const site = siteOf({ siteAddress: '', apiKey: 'amalgam-sandbox-legacy', authType })
    expect(site.apiUrl).toBe('http://127.0.0.1:8081')
  })
})

describe('hosts that may be called', () => {
  it.each([
    ['https://us2.api.concursolutions.com/x', true],
    ['https://www-us2.api.concursolutions.com', true],
    ['https://glz.api.concursolutions.com', true],
    ['https://cn.api.concurcdc.cn', true],
    ['https://eu1.concursolutions.com/x', true],
    ['https://x.concursolutions.com', false],
    ['http://us2.api.concursolutions.com', false],
    ['https://us2.api.concursolutions.com:8443', false],
    ['https://evil.example/us2.api.concursolutions.com', false],
    ['https://us2.api.concursolutions.com.evil.example', false],
    ['http://127.0.0.1:8081/dc/eu2', false],
    ['http://127.0.0.1:8082', false],
  ])('%s: %s', (url, own) => {
    const site = siteOf({ siteAddress: 'eu2', apiKey: 'mine' })
    expect(isOwnUrl(new URL(url), site)).toBe(own)
  })

  it.each([
    ['http://127.0.0.1:8081/dc/eu2', true],
    ['http://127.0.0.1:8082', false],
    ['https://127.0.0.1:8081', false],
    ['https://us2.api.concursolutions.com', false],
    ['https://glz.api.concursolutions.com', false],
  ])('by a connection of the sandbox, %s: %s', (url, own) => {
    const site = siteOf({ siteAddress: undefined, apiKey: sandboxApp.key })
    expect(isOwnUrl(new URL(url), site)).toBe(own)
  })
})
