import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noBrowser } from '../support/browser.ts'
import { loopbackAllowed } from '../support/events.ts'
import { madeUpElement } from '../support/made-up-element.ts'
import { type MadeUpVendor, startMadeUpVendor } from '../support/made-up-vendor.ts'
import { orchardElement } from '../support/posted-elements.ts'
import { removeAllData } from '../support/program.ts'
import { startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined)
  process.stderr.write(`The import of elements on the page is not tested: ${noBrowser}\n`)

afterAll(removeAllData)

/** The made-up vendor's element with two things that have no effect here. */
const limitedElement = (vendorUrl: string) => {
  const element = madeUpElement(vendorUrl)
  const hook = { type: 'preRequest', body: "const request = require('request')" }
  return {
    ...element,
    resources: [
      ...element.resources,
      { path: '/towns', method: 'GET', vendorPath: '/v1/towns', hooks: [hook] },
      { path: '/hook', method: 'POST', type: 'onProvisionWebhook' },
    ],
  }
}

describe.skipIf(noBrowser !== undefined)('elements on the page', () => {
  let vendor: MadeUpVendor
  let walker: Walker
  let page: Page

  beforeAll(async () => {
    vendor = await startMadeUpVendor()
    walker = await startWalker(loopbackAllowed)
    page = walker.page
    await walker.enter()
  }, 180_000)
  afterAll(async () => {
    await walker?.close()
    await vendor?.close()
  })

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true })
  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor()
  const fact = (name: string): Promise<string> => page.locator(`[data-fact="${name}"]`).innerText()

  const choose = (name: string, text: string): Promise<void> =>
    page.getByLabel(/^File/).setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

  const paste = async (json: object): Promise<void> => {
    await page.getByLabel('Or paste it').fill(JSON.stringify(json))
    await button('See what it does').click()
  }

  /** Stores what was pasted, and stands before its connect form. */
  const bring = async (json: object, name: string): Promise<void> => {
    await walker.open('/import', 'Import an element')
    await paste(json)
    await button(`Store ${name} and connect it`).click()
    await heading(`Connect ${name}`)
  }

  it('say what is wrong with a JSON, by line and by member', async () => {
    await page.getByRole('link', { name: 'Catalogue' }).first().click()
    await page.getByRole('link', { name: 'Import an element' }).click()
    await heading('Import an element')
    await choose('torn.json', '{\n  "name": "Torn",\n')
    const alert = page.getByRole('alert')
    await alert.getByText('torn.json cannot be an element here').waitFor()
    await alert.getByText(/line \d+, column \d+/).waitFor()
    const dataTransfer = await page.evaluateHandle(
      "(() => { const it = new DataTransfer(); it.items.add(new File(['[]'], 'dropped.json')); return it })()",
    )
    await page.getByRole('region', { name: 'The JSON' }).dispatchEvent('drop', { dataTransfer })
    await alert.getByText('dropped.json cannot be an element here').waitFor()
    await alert.getByText(/^body: .*expected object/).waitFor()
    const { resources, ...rest } = madeUpElement(vendor.url)
    await paste({ ...rest, resources: [...resources.slice(0, 3), { path: '/towns' }] })
    await alert.getByText('What was pasted cannot be an element here').waitFor()
    await alert.getByText(/^resources\[3\]\.method: /).waitFor()
    await paste({ ...rest, protocolType: 'soap' })
    await alert.getByText(/^protocolType: 'soap'/).waitFor()
  })

  it('show what a file will do and what it cannot, before anything is stored', async () => {
    await choose('made-up.json', JSON.stringify(limitedElement(vendor.url)))
    await page.getByText('made-up.json can be stored. Nothing is stored yet.').waitFor()
    expect([await fact('Key'), await fact('Hub'), await fact('Base URL')]).toEqual([
      'madeup',
      'crm',
      vendor.url,
    ])
    expect(await fact('Login')).toMatch(/^custom: .*Asked for: Key \(secret\)\.$/)
    const at = madeUpElement(vendor.url).resources.length
    const findings = page.getByRole('region', { name: 'What it cannot do here' })
    await findings.locator(`[data-finding="resources[${at}].hooks[0]"]`).getByText("'request'").waitFor()
    await findings
      .locator(`[data-finding="resources[${at + 1}].type"]`)
      .getByText(/webhook/)
      .waitFor()
    const people = page.locator('[data-resource="people"]')
    await people.getByText('list, create, get, change, delete').waitFor()
    await people.getByText('Events: changes are found by changedAt. Bulk: download and upload.').waitFor()
    const list = people.locator('[data-operation="GET /people"]')
    await list.getByText('at the vendor: GET /v1/people').waitFor()
    await list.getByText(/^The vendor is asked for each page; of where, comparisons by =/).waitFor()
    await people.locator('[data-operation="POST /people"]').getByText('1 hook before the call').waitFor()
    expect(await walker.faults('preview')).toEqual([])
    await page
      .evaluate(
        "fetch('/elements/api-v2/elements/madeup', { headers: { 'amalgam-page': '1' } }).then(r => r.status)",
      )
      .then((status) => expect(status).toBe(404))
  })

  it('connect like any other, and show rows', async () => {
    await button('Store Made Up and connect it').click()
    await heading('Connect Made Up')
    expect(await page.getByLabel('Data centre').count()).toBe(0)
    expect(await walker.faults('connect form')).toEqual([])
    await page.getByLabel(/^Key/).fill('wrong')
    await button('Connect').click()
    await page.getByRole('alert').getByText('Made Up is not connected').waitFor()
    await page.getByLabel(/^Key/).fill('opensesame')
    await button('Connect').click()
    await page.getByText('Made Up is connected').waitFor()
    await page.getByRole('link', { name: 'Open Made Up' }).click()
    await heading('Made Up')
    const instancePath = new URL(page.url()).pathname
    await walker.open(`/connect/madeup?instance=${instancePath.split('/').at(-1)}`, 'Reconnect Made Up')
    await page.getByText('It is stored. Leave this empty to keep it.').waitFor()
    await button('Reconnect').click()
    await page.getByText('Made Up is connected').waitFor()
    await page.getByRole('link', { name: 'Open Made Up' }).click()
    await button('Run the query').click()
    const rows = page.getByRole('region', { name: 'Rows, a table' })
    await rows.getByText('Person 1', { exact: true }).waitFor()
    await page.getByLabel('where').fill("town = 'Oslo'")
    await button('Run the query').click()
    await rows.getByText('Person 1', { exact: true }).waitFor({ state: 'detached' })
    await rows.getByText('Person 2', { exact: true }).waitFor()
  })

  it('tell a key that is taken, and replace what had it or take another', async () => {
    await walker.open('/import', 'Import an element')
    await paste({ ...madeUpElement(vendor.url), name: 'Made Up Again', key: 'madeup' })
    await page.getByText('The key madeup is that of Made Up, which was posted before').waitFor()
    await page.getByText('Its instance runs on what replaces it').waitFor()
    expect(await button('Store Made Up Again and connect it').count()).toBe(0)
    expect(await walker.faults('taken key')).toEqual([])
    await page.getByLabel(/^Another key/).fill('concur')
    await button('Use this key').click()
    await page.getByText('The key concur is that of SAP Concur, which everybody has').waitFor()
    await page.getByLabel(/^Another key/).fill('12')
    await button('Use this key').click()
    await page
      .getByRole('alert')
      .getByText(/^key: '12' cannot be a key/)
      .waitFor()
    await page.getByLabel(/^Another key/).fill('madeup2')
    await button('Use this key').click()
    await button('Store Made Up Again and connect it').waitFor()
    expect(await fact('Key')).toBe('madeup2')
    await button('See what it does').click()
    await button('Replace Made Up and connect it').click()
    await heading('Connect Made Up Again')
  })

  it.each([
    ['basic', ['User name', 'Password'], true],
    ['oauth2Password', ['API key', 'API secret', 'User name', 'Password'], true],
    ['oauth2', ['API key', 'API secret'], false],
  ] as const)('draw the connect form of a login %s', async (type, labels, isAtOnce) => {
    const name = `Acme ${type}`
    const configuration = [
      { key: 'base.url', name: 'Base URL', type: 'TEXTFIELD_1000', defaultValue: vendor.url },
      { key: 'pagination.max', name: 'Most rows', defaultValue: '50', hideFromConsole: true },
      { key: 'region', name: 'Region', type: 'COMBO', options: [{ value: 'eu' }, { value: 'us' }] },
    ]
    const over = type === 'basic' ? { configuration } : {}
    const key = `acme-${type}`
    await bring(orchardElement(vendor.url, { name, key, authentication: { type }, ...over }), name)
    const own = page.getByRole('region', { name: 'Your own company' })
    const form = own.locator('form')
    const required = await form.locator('input[required]').all()
    const names = await Promise.all(required.map((input) => input.getAttribute('name')))
    expect(names.filter((one) => one !== null)).toHaveLength(labels.length)
    for (const label of labels)
      await form
        .getByLabel(new RegExp(`^${label}`))
        .first()
        .waitFor()
    for (const secret of ['Password', 'API secret'].filter((one) => labels.some((label) => label === one)))
      expect(
        await form
          .getByLabel(new RegExp(`^${secret}`))
          .first()
          .getAttribute('type'),
      ).toBe('password')
    expect(await own.getByText('Callback address').count()).toBe(isAtOnce ? 0 : 1)
    expect(await form.getByLabel('Base URL').isVisible()).toBe(false)
    await form.getByText('More settings').click()
    await form.getByText(`Empty: ${vendor.url}`, { exact: true }).waitFor()
  })

  it('are marked as the account’s own in the catalogue, exported, and removed once no instance is left', async () => {
    await walker.open('/catalogue', 'Catalogue')
    const card = page
      .getByRole('article')
      .filter({ has: page.getByRole('heading', { name: 'Made Up Again' }) })
    await card.getByText('your own').waitFor()
    expect(await page.locator('[data-own]').count()).toBe(4)
    const download = page.waitForEvent('download')
    await button('Export Made Up Again').click()
    const file = await download
    expect(file.suggestedFilename()).toBe('madeup.json')
    const exported = JSON.parse(await readFile(await file.path(), 'utf8'))
    expect(exported).toMatchObject({ key: 'madeup', name: 'Made Up Again', hub: 'crm' })
    await button('Remove Made Up Again').click()
    await button('Yes, remove').click()
    await page.getByRole('alert').getByText('madeup has 1 instance').waitFor()
    expect(await walker.faults('catalogue with own elements')).toEqual([])
    await page.getByRole('link', { name: 'Details of Acme basic' }).click()
    await heading('Acme basic')
    await button('Remove Acme basic').click()
    await button('Yes, remove').click()
    await heading('Catalogue')
    await page.getByRole('heading', { name: 'Acme basic' }).waitFor({ state: 'detached' })
    expect(walker.window.complaints).toEqual([])
  })
})
