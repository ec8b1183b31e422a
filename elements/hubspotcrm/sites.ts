import {
  badInput,
  type Element,
  type ElementEnvironment,
  type Site,
  type SiteChoice,
} from '#src/element/index.ts'

/** The sandbox's own, public application; it exists nowhere else. */
export const sandboxApp = { key: 'amalgam-crm-sandbox', secret: 'amalgam-crm-sandbox-secret' } as const

const sandboxKey = 'sandbox'

/**
 * One host serves every account, wherever its data lie; consent is given in the application itself.
 * Source: developers.hubspot.com, "Working with OAuth", and the server of the published client.
 */
const hubspot: Site = {
  key: 'hubspot',
  authorizeUrl: 'https://app.hubspot.com',
  tokenUrl: 'https://api.hubapi.com',
  apiUrl: 'https://api.hubapi.com',
  pkce: false,
}

/** Where calls go: HubSpot, or the sandbox for its own application alone. */
export const hubspotSites = ({
  sandboxUrl,
}: ElementEnvironment): Pick<Element['vendor'], 'siteOf' | 'isOwnUrl'> => {
  const sandbox: Site | undefined =
    sandboxUrl === undefined
      ? undefined
      : { key: sandboxKey, authorizeUrl: sandboxUrl, tokenUrl: sandboxUrl, apiUrl: sandboxUrl, pkce: false }

  const sandboxOrRefuse = (): Site => {
    if (sandbox !== undefined) return sandbox
    throw badInput(
      'siteAddress: the HubSpot sandbox does not run here (SANDBOX=off). Start it, or use the client ID and secret of your own HubSpot app.',
    )
  }

  const siteOf = ({ siteAddress = '', apiKey }: SiteChoice): Site => {
    const address = siteAddress.trim().toLowerCase()
    const namesSandbox = address === sandboxKey || (sandbox !== undefined && address === sandbox.apiUrl)
    if (apiKey === sandboxApp.key) {
      if (address === '' || namesSandbox) return sandboxOrRefuse()
      throw badInput(
        "siteAddress: this application exists on the sandbox only. Leave siteAddress out, or use your own app's client ID.",
      )
    }
    if (namesSandbox) {
      throw badInput(
        `siteAddress: the sandbox takes only its own application, ${sandboxApp.key}, so that no real secret is sent to it.`,
      )
    }
    if (address === '' || address === hubspot.key) return hubspot
    throw badInput('siteAddress: hubspot or sandbox, or leave it out.')
  }

  /** No token reply names a host, so a connection stays where it began. */
  const isOwnUrl = (url: URL, site: Site): boolean => url.origin === new URL(site.apiUrl).origin

  return { siteOf, isOwnUrl }
}
