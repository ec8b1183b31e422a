import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { clipboard, noBrowser } from '../support/browser.ts'
import { ask } from '../support/client.ts'
import { removeAllData } from '../support/program.ts'
import { startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined) process.stderr.write(`The events on the page are not tested: ${noBrowser}\n`)

afterAll(removeAllData)

/** Nobody listens there. */
const receiver = 'http://127.0.0.1:9/hook'

describe.skipIf(noBrowser !== undefined)('the events on the page', () => {
  let walker: Walker
  let page: Page
  /** Of the instance. */
  let path: string

  beforeAll(async () => {
    walker = await startWalker()
    page = walker.page
    await walker.enter()
    await walker.open('/connect/concur', 'Connect SAP Concur')
    await page.getByRole('button', { name: 'Connect the sandbox' }).click()
    await walker.consent()
    await page.getByRole('link', { name: 'Open SAP Concur sandbox' }).click()
    await page.getByRole('heading', { name: 'Query' }).waitFor()
    path = new URL(page.url()).pathname
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

  const openEvents = (view = ''): Promise<void> => walker.open(`${path}/events${view}`, /^Events of/)
  const isChecked = (label: string): Promise<boolean> => page.getByLabel(label, { exact: true }).isChecked()

  /** Saves the settings, and gives what is stored then. */
  const save = async (): Promise<Record<string, string | null>> => {
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. Events are on.').waitFor()
    return configure({})
  }

  /** What another client of the API writes; gives what is stored then. */
  const configure = async (
    configuration: Record<string, string | null>,
  ): Promise<Record<string, string | null>> => {
    const { AMALGAM_USER, AMALGAM_ORGANIZATION } = await walker.credentials()
    const headers = { authorization: `User ${AMALGAM_USER}, Organization ${AMALGAM_ORGANIZATION}` }
    const url = `${walker.url}/elements/api-v2${path}`
    const reply = await ask(url, { method: 'PATCH', headers, body: { configuration } })
    expect(reply.status, reply.text).toBe(200)
    return reply.json.configuration
  }

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
    await walker.open(path, /SAP Concur/)
    await page.getByRole('link', { name: /^Set up events of/ }).click()
    await page.waitForURL('**/events?view=settings')
    await openEvents()
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
    expect(await walker.faults('event settings')).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. Events are on.').waitFor()
    await page.getByText(`Events go to ${receiver}.`).waitFor()
    // The API never tells it: what was made here can still be copied.
    await page.getByRole('button', { name: 'Copy the signature key' }).click()
    await page.getByRole('button', { name: 'Copied: the signature key' }).waitFor()
    expect(await clipboard(page)).toMatch(/^[\w-]{43}$/)
    await openEvents('?view=settings')
    await page.locator('[data-interval="2"]').waitFor()
    expect(await isChecked('Expense reports')).toBe(true)
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
    expect(await page.getByText('Sent again: 1.').count()).toBe(0)
    await page.getByRole('tab', { name: 'Pollers' }).click()
    await page.getByRole('tabpanel').waitFor()
    expect(await walker.faults('pollers')).toEqual([])
    expect(walker.window.complaints).toEqual([])
  })

  it('are listed by times only once these are whole and in order, and the filter outlives a failure', async () => {
    await openEvents('?view=log')
    await page.getByText('Choose by status and time, replay a range').click()
    const from = page.getByLabel('From')
    const to = page.getByLabel('To', { exact: true })
    const replay = page.getByRole('button', { name: 'Replay this time range' })
    await from.fill('2026-01-01T12:10')
    await replay.waitFor()
    // On the way to 12:30.
    await to.fill('2026-01-01T12:03')
    await page.getByText('This is before From.').waitFor()
    expect(await replay.count()).toBe(0)
    expect(await walker.faults('times in disorder')).toEqual([])
    await to.fill('2026-01-01T12:30')
    await page.getByText('No event fits.').waitFor()
    await replay.waitFor()
    // On the way to another year.
    await from.fill('0002-01-01T12:10')
    await page.getByText('Choose a time in 1970 or later.').waitFor()
    await from.fill('2025-01-01T12:10')
    await replay.waitFor()
    await to.press('Backspace')
    await page.getByText('This time is not complete.').waitFor()
    expect(await replay.count()).toBe(0)
    expect(await page.locator('input:invalid').count()).toBe(1)
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.locator('[data-event]').first().waitFor()
    expect(await page.locator('input:invalid').count()).toBe(0)
    const failing = /\/events\?.*from=/
    await page.route(failing, (route) => route.fulfill({ status: 400, json: { message: 'Not this one.' } }))
    await from.fill('2026-01-01T13:10')
    await page.getByText('Not this one.').waitFor()
    expect(await from.inputValue()).toBe('2026-01-01T13:10')
    await page.unroute(failing)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('[data-event]').first().waitFor()
  })

  it('keep all settings that nobody changed, and intervals of any length', async () => {
    const before = await configure({
      'event.objects': null,
      'event.poller.configuration': '{"reports":{}}',
      'event.poller.refresh_interval': '1.5',
    })
    await openEvents('?view=settings')
    await page.locator('[data-interval="1.5"]').waitFor()
    expect(await isChecked('Expense reports')).toBe(true)
    expect(await save()).toEqual(before)
    const slider = page.getByRole('slider', { name: 'Interval' })
    await slider.press('End')
    await page.getByText('Every 7 days', { exact: true }).waitFor()
    expect(await walker.faults('a long interval')).toEqual([])
    await slider.press('Home')
    await slider.press('ArrowRight')
    await page.getByText('Every 1.5 minutes', { exact: true }).waitFor()
    await slider.press('ArrowRight')
    // Meanwhile by somebody else.
    await configure({ 'event.notification.callback.url': `${receiver}/2` })
    expect(await save()).toEqual({
      ...before,
      'event.notification.callback.url': `${receiver}/2`,
      'event.poller.refresh_interval': '2',
    })
    expect(await page.getByLabel(/^Callback URL/).inputValue()).toBe(`${receiver}/2`)
  })

  it('show all that is watched, by whatever it is named', async () => {
    await configure({ 'event.poller.urls': 'reports|attendees' })
    await openEvents('?view=settings')
    const attendees = page.getByLabel('Attendees', { exact: true })
    expect(await attendees.isChecked()).toBe(true)
    await attendees.uncheck()
    expect(await save()).toMatchObject({ 'event.objects': 'reports' })
    await page.getByLabel('Expense reports', { exact: true }).uncheck()
    await page
      .getByText(
        'None chosen: what the poller configuration of the instance names: Expense reports, Attendees',
      )
      .waitFor()
    expect(await save()).toMatchObject({ 'event.objects': null })
    expect(await attendees.isChecked()).toBe(true)
    await configure({ 'event.notification.enabled': 'false', 'event.objects': 'trips,reports' })
    await openEvents('?view=settings')
    await page.getByRole('switch', { name: /^Events/ }).check({ force: true })
    const trips = page.getByLabel('trips', { exact: true })
    await trips.uncheck()
    await trips.check()
    await trips.uncheck()
    expect(await walker.faults('resources of any name')).toEqual([])
    expect(await save()).toMatchObject({ 'event.notification.enabled': 'true', 'event.objects': 'reports' })
  })

  it('are part of connecting, where nothing is asked of them until they are wanted', async () => {
    await walker.open('/connect/concur', 'Connect SAP Concur')
    expect(await page.getByLabel(/^Callback URL/).count()).toBe(0)
    await page.getByRole('switch', { name: /^Events/ }).check({ force: true })
    await page.getByLabel(/^Callback URL/).waitFor()
    expect(await walker.faults('connect with events')).toEqual([])
  })
})
