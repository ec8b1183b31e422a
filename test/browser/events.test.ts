import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { clipboard, noBrowser } from '../support/browser.ts'
import { removeAllData } from '../support/program.ts'
import { startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined) process.stderr.write(`The events on the page are not tested: ${noBrowser}\n`)

afterAll(removeAllData)

/** Nobody listens there. */
const receiver = 'http://127.0.0.1:9/hook'

describe.skipIf(noBrowser !== undefined)('the events on the page', () => {
  let walker: Walker
  let page: Page

  beforeAll(async () => {
    walker = await startWalker()
    page = walker.page
    await walker.enter()
    await walker.open('/connect/concur', 'Connect SAP Concur')
    await page.getByRole('button', { name: 'Connect the sandbox' }).click()
    await walker.consent()
    await page.getByRole('link', { name: 'Open SAP Concur sandbox' }).click()
    await page.getByRole('heading', { name: 'Query' }).waitFor()
  }, 180_000)
  afterAll(() => walker?.close())

  /** What is being sent at that moment, as a retry of its own may be, is not sent again, and the page says so. */
  const pressUntil = (said: string, press: () => Promise<void>): Promise<void> =>
    vi.waitFor(
      async () => {
        await press()
        await page.getByText(said).waitFor({ timeout: 5_000 })
      },
      { timeout: 45_000 },
    )

  it('are off until somebody sets them up, and a test event says so', async () => {
    await page.locator('[data-receiver="off"]').waitFor()
    await page.getByRole('link', { name: /^Set up events of/ }).click()
    await page.getByRole('heading', { level: 1, name: /^Events of/ }).waitFor()
    await page.getByRole('tab', { name: 'Log' }).click()
    await page.getByText('No event yet.').waitFor()
    await page.getByRole('button', { name: 'Send a test event' }).click()
    await page.getByText('No test event was sent').waitFor()
    await page.getByText(/^event.notification.enabled: the events of instance/).waitFor()
    expect(await walker.faults('no events')).toEqual([])
  })

  it('are switched on with address, interval, resources and a key made here', async () => {
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('switch', { name: /^Events/ }).check({ force: true })
    await page.getByLabel(/^Callback URL/).fill(receiver)
    const slider = page.getByRole('slider', { name: 'Interval' })
    await page.locator('[data-interval="15"]').waitFor()
    await slider.press('Home')
    await page.getByText('Every 1 minute', { exact: true }).waitFor()
    await slider.press('ArrowRight')
    await page.getByText('Every 2 minutes', { exact: true }).waitFor()
    await page.getByLabel('Expense reports', { exact: true }).check()
    await page.getByRole('button', { name: 'Make one: a signature key' }).click()
    await page.getByRole('button', { name: 'Copy the signature key' }).click()
    await page.getByRole('button', { name: 'Copied: the signature key' }).waitFor()
    expect(await clipboard(page)).toMatch(/^[\w-]{43}$/)
    expect(await walker.faults('event settings')).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. Events are on.').waitFor()
    await page.getByText(`Events go to ${receiver}.`).waitFor()
    await page.reload()
    await page.locator('[data-interval="2"]').waitFor()
    expect(await page.getByLabel('Expense reports', { exact: true }).isChecked()).toBe(true)
    await page.getByText('A key is stored. Leave this empty to keep it.').waitFor()
  })

  it('are tried by a test event, which stands in the log and can be read whole', async () => {
    await page.getByRole('tab', { name: 'Log' }).click()
    await page.getByRole('button', { name: 'Send a test event' }).click()
    const link = page.getByRole('link', { name: /^See event/ })
    const eventId = (await link.innerText()).replace('See event ', '')
    await page.locator(`[data-event="${eventId}"]`).waitFor()
    expect(await walker.faults('event log')).toEqual([])
    await link.click()
    await page.getByRole('heading', { level: 1, name: `Event ${eventId}` }).waitFor()
    await page.getByRole('region', { name: 'What came in' }).getByText('A test event.').waitFor()
    await page.getByText('What is sent, byte by byte').click()
    expect(await page.getByRole('region', { name: 'What is sent' }).innerText()).toContain(eventId)
    // Addresses of this machine are private, and nobody allowed them.
    const delivery = page.locator('[data-delivery="retry"]')
    await delivery.getByText('no answer').first().waitFor()
    await delivery
      .getByText(/OUTBOUND_ALLOW|private/)
      .first()
      .waitFor()
    expect(await walker.faults('event')).toEqual([])
    const attempts = await delivery.getByText('no answer').count()
    await pressUntil('It is sent again.', () =>
      page.getByRole('button', { name: 'Replay this event' }).click(),
    )
    await delivery.getByText('no answer').nth(attempts).waitFor()
    await page.getByRole('link', { name: 'All events' }).click()
    await page.getByRole('tab', { name: 'Log' }).click()
    await page.getByText('Choose by status and time, replay a range').click()
    await page.getByLabel('From').fill('2026-01-01T00:00')
    const replay = page.getByRole('button', { name: 'Replay this time range' })
    await replay.click()
    expect(await walker.faults('replay')).toEqual([])
    await page.getByRole('button', { name: 'No', exact: true }).click()
    await pressUntil('Sent again: 1.', async () => {
      const yes = page.getByRole('button', { name: 'Yes, replay' })
      if ((await yes.count()) === 0) await replay.click()
      await yes.click()
    })
    await page.getByLabel('To', { exact: true }).fill('2026-01-01T00:00')
    await page.getByText('No event fits.').waitFor()
    await page.getByRole('tab', { name: 'Pollers' }).click()
    await page.getByRole('tabpanel').waitFor()
    expect(await walker.faults('pollers')).toEqual([])
    expect(walker.window.complaints).toEqual([])
  })

  it('are part of connecting, where nothing is asked of them until they are wanted', async () => {
    await walker.open('/connect/concur', 'Connect SAP Concur')
    expect(await page.getByLabel(/^Callback URL/).count()).toBe(0)
    await page.getByRole('switch', { name: /^Events/ }).check({ force: true })
    await page.getByLabel(/^Callback URL/).waitFor()
    expect(await walker.faults('connect with events')).toEqual([])
  })
})
