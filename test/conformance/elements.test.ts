import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { connect } from '../support/client.ts'
import { connectCrm } from '../support/crm.ts'
import { type DavServer, noDavServer, startDavServer } from '../support/dav-server.ts'
import { connectDav } from '../support/documents.ts'
import { loopbackAllowed } from '../support/events.ts'
import { type Conformance, conform } from './conform.ts'

const facts: readonly Conformance[] = [
  {
    key: 'concur',
    everything: { reports: "user = 'ALL'", expenses: "user = 'ALL'" },
    writes: {
      reports: {
        create: { Name: 'Round trip', UserDefinedDate: '2026-03-04T00:00:00' },
        change: { Name: 'Round trip again' },
      },
      expenses: {
        create: {
          ReportID: '4F0A77',
          ExpenseTypeCode: 'TAXIX',
          PaymentTypeID: 'pt$01',
          TransactionDate: '2021-03-04T00:00:00',
          TransactionCurrencyCode: 'EUR',
          TransactionAmount: 37,
          Description: 'Round trip',
        },
        change: { Description: 'Round trip again', TransactionAmount: 38 },
      },
    },
    listing: {
      ...{ reports: 'reports.list', expenses: 'entries.list', users: 'users.list', lists: 'lists.list' },
      ...{ vendors: 'vendors.list', 'payments-digests': 'payment-digests.list' },
    },
    product: { sandbox: { reports: 150 } },
    connect: (product, configuration) => connect(product, product.admin, { configuration }),
    sandboxUrl: ({ sandbox }) => sandbox.url,
    runs: 60,
  },
  {
    key: 'hubspotcrm',
    everything: {},
    writes: {
      contacts: {
        create: { properties: { email: 'round@trip.example', lastname: 'Trip' } },
        change: { properties: { lastname: 'Round', lifecyclestage: 'customer' } },
      },
      accounts: {
        create: { properties: { name: 'Round Trip', numberofemployees: '37' } },
        change: { properties: { numberofemployees: '38' } },
      },
    },
    listing: { contacts: 'list', accounts: 'list' },
    product: { sandbox: { reports: 5 }, crm: { contacts: 160 } },
    connect: (product, configuration) => connectCrm(product, product.admin, configuration),
    sandboxUrl: ({ crmUrl = '' }) => crmUrl,
    // Each search waits for its turn: HubSpot takes few in a second.
    runs: 8,
  },
]

/** Files in three folders, on a server that is started when it is connected to. */
const startFiles = async (): Promise<DavServer> => {
  const dav = await startDavServer()
  await mkdir(join(dav.root, 'letters', 'old'), { recursive: true })
  for (let at = 0; at < 24; at += 1) {
    const folder = ['', 'letters', join('letters', 'old')][at % 3] ?? ''
    await writeFile(join(dav.root, folder, `file ${at}.txt`), 'x'.repeat(at % 5))
  }
  return dav
}

let dav: DavServer | undefined

const webdav: Conformance = {
  key: 'webdav',
  everything: {},
  writes: {},
  listing: { files: 'files' },
  product: { sandbox: { reports: 1 }, environment: loopbackAllowed },
  connect: async (product, configuration) => {
    dav = await startFiles()
    const { url, username, password } = dav
    const own = { 'base.url': url, username, password }
    return connectDav(product, dav, { configuration: { ...own, ...configuration } })
  },
  listedAt: { files: 'search' },
  close: async () => dav?.close(),
  runs: 10,
}

const all = noDavServer === undefined ? [...facts, webdav] : facts
if (noDavServer !== undefined) process.stdout.write(`the element webdav is left out: ${noDavServer}\n`)

const elements = catalogueElements({ sandboxUrls: ['http://127.0.0.1:8081', 'http://127.0.0.1:8082'] })

describe('the conformance suite', () => {
  it('runs for every element of the catalogue', () => {
    expect([...facts, webdav].map(({ key }) => key).sort()).toEqual(elements.map(({ key }) => key).sort())
  })
})

for (const element of elements) {
  const known = all.find(({ key }) => key === element.key)
  if (known !== undefined) conform(element, known)
}
