import { ask, callbackUrl } from '../../support/client.ts'
import { app } from '../../support/instances.ts'
import type { Vendor } from '../support/vendor.ts'

/** A report as the vendor shows it, the parts that this proof compares. */
export interface VendorReport {
  readonly ID: string
  readonly Name: string
  readonly Total: number
  readonly LastModifiedDate: string
  readonly LastComment: string | null
  readonly OwnerLoginID: string
}

/** Reads reports of the vendor itself, past the product, in its order. */
export const openVendorReports = async (vendor: Vendor) => {
  const form = {
    ...{ grant_type: 'authorization_code', redirect_uri: callbackUrl, code: await vendor.code('oauth2') },
    ...{ client_id: app.key, client_secret: app.secret },
  }
  const granted = await ask(`${vendor.url}/oauth2/v0/token`, { form })
  const headers = { authorization: `Bearer ${granted.json.access_token}`, accept: 'application/json' }
  /** @param user a login, or ALL. */
  return async (user: string): Promise<readonly VendorReport[]> => {
    const rows: VendorReport[] = []
    const query = new URLSearchParams({ user, limit: '100' })
    for (let next: string | null = `${vendor.url}/api/v3.0/expense/reports?${query}`; next !== null; ) {
      const reply = await ask(next, { headers })
      if (reply.status !== 200) throw new Error(`the vendor answered ${reply.status}: ${reply.text}`)
      rows.push(...reply.json.Items)
      next = reply.json.NextPage
    }
    return rows
  }
}

/** A code of the consent of a person; empty where the vendor does not let them in. */
export const codeOf = async (vendor: Vendor, login: string): Promise<string> => {
  const { headers } = await ask(`${vendor.url}/oauth2/v0/authorize`, {
    query: {
      ...{ client_id: app.key, redirect_uri: callbackUrl, response_type: 'code', sandbox_user: login },
    },
  })
  return new URL(headers.location ?? 'none:').searchParams.get('code') ?? ''
}
