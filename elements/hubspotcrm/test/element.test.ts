import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hubspotcrm } from '../index.ts'
import { sandboxApp } from '../sites.ts'

const sandboxUrl = 'http://127.0.0.1:8082'
const element = hubspotcrm({ sandboxUrl })
const { siteOf, isOwnUrl } = element.vendor
const choice = (siteAddress?: string, apiKey = 'an own app') => ({
  siteAddress,
  apiKey,
  configured: () => undefined,
})

describe('the HubSpot element', () => {
  it('sends own apps to HubSpot alone, and the sandbox its own app alone', () => {
    expect(siteOf(choice())).toMatchObject({
      authorizeUrl: 'https://app.hubspot.com',
      tokenUrl: 'https://api.hubapi.com',
    })
    expect(siteOf(choice('hubspot')).key).toBe('hubspot')
    expect(siteOf(choice(undefined, sandboxApp.key)).apiUrl).toBe(sandboxUrl)
    expect(siteOf(choice(sandboxUrl, sandboxApp.key)).key).toBe('sandbox')
    for (const [address, key] of [
      ['sandbox', 'an own app'],
      [sandboxUrl, 'an own app'],
      ['hubspot', sandboxApp.key],
      ['eu1', 'an own app'],
    ])
      expect(() => siteOf(choice(address, key)), address).toThrow(/^siteAddress: /)
    expect(() => hubspotcrm({}).vendor.siteOf(choice(undefined, sandboxApp.key))).toThrow(/SANDBOX=off/)
    expect(hubspotcrm({}).sandbox).toBe(undefined)
  })

  it('never takes its tokens elsewhere', () => {
    const site = siteOf(choice())
    expect(isOwnUrl(new URL('https://api.hubapi.com/crm'), site)).toBe(true)
    for (const url of [sandboxUrl, 'http://api.hubapi.com', 'https://api.hubapi.com.example'])
      expect(isOwnUrl(new URL(url), site), url).toBe(false)
  })

  it('asks for the scopes of its calls, and for no other', () => {
    const asked = element.auth.flatMap((auth) => ('scopes' in auth ? auth.scopes : []))
    const needed = Object.values(element.resources).flatMap(({ verbs }) =>
      Object.values(verbs).flatMap((verb) => ('scopes' in verb ? (verb.scopes ?? []) : [])),
    )
    expect([...asked].sort()).toEqual(['oauth', ...new Set(needed)].sort())
  })

  it('searches by every property that it shows, within the limits of HubSpot', () => {
    for (const { chosen, filterStyle, fields, aliases = {}, name } of Object.values(element.resources)) {
      if (filterStyle.kind !== 'groups' || chosen === undefined)
        throw new Error(`${name}: no search by groups`)
      const shown = chosen.usual.map((property) => `properties.${property}`)
      expect(Object.keys(filterStyle.names)).toEqual(['createdAt', 'updatedAt', ...shown])
      expect(Object.keys(aliases)).toEqual(chosen.usual)
      expect(filterStyle.choices.every((field) => fields[field]?.type === 'text')).toBe(true)
      // What goes beside the filters of a request of 3,000 characters: properties, order, size, a filter a group.
      const beside = JSON.stringify({ properties: chosen.usual, limit: 200 }).length + 150 + 5 * 90
      expect(filterStyle.mostCharacters + beside).toBeLessThanOrEqual(3_000)
    }
  })

  it('is told whole in its README: resources, verbs and how much of it is code', () => {
    const readme = readFileSync('elements/hubspotcrm/README.md', 'utf8')
    const words = { search: 'GET list', retrieve: 'GET', create: 'POST', update: 'PATCH', remove: 'DELETE' }
    for (const { name, verbs } of Object.values(element.resources)) {
      expect(Object.keys(verbs).sort()).toEqual(Object.keys(words).sort())
      expect(readme).toMatch(new RegExp(`\\| \`${name}\`.*\\| ${Object.values(words).join(', ')} \\|`))
    }
    const coded = Object.values(element.resources).flatMap(({ verbs }) =>
      Object.values(verbs).filter((verb) => 'run' in verb),
    )
    const count = coded.length + element.auth.filter(({ kind }) => kind === 'coded').length
    expect(readme).toContain(`Coded verbs and logins: ${count}.`)
  })
})
