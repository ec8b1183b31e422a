import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipboard, noBrowser } from '../support/browser.ts'
import { ask } from '../support/client.ts'
import { removeAllData } from '../support/program.ts'
import { person, runLine, startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined) process.stderr.write(`The walk through the page is skipped: ${noBrowser}\n`)

afterAll(removeAllData)

/** One person's first hour with the page, in order; each step goes on where the one before ended. */
describe.skipIf(noBrowser !== undefined)('the page, walked through in Chromium', () => {
  let walker: Walker
  let page: Page
  /** The command line that was copied. */
  let line: string

  beforeAll(async () => {
    walker = await startWalker()
    page = walker.page
  }, 120_000)
  afterAll(() => walker?.close())

  it('is met by the sign-in, which refuses a wrong password in words', async () => {
    await page.goto(`${walker.url}/instances`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(new URL(page.url()).search).toBe('?next=%2Finstances')
    expect(await walker.faults('sign-in')).toEqual([])
    const { AMALGAM_EMAIL = '', AMALGAM_PASSWORD = '' } = await walker.credentials()
    await walker.signIn(AMALGAM_EMAIL, 'not the password')
    await page.getByText('The username or the password is wrong.').waitFor()
    await walker.signIn(AMALGAM_EMAIL, AMALGAM_PASSWORD)
    await page.getByRole('heading', { name: 'Instances' }).waitFor()
    const [cookie] = await walker.window.context.cookies(`${walker.url}/elements/api-v2/session`)
    expect(cookie).toMatchObject({ name: 'amalgam-session', httpOnly: true, sameSite: 'Strict' })
    await walker.open('/', /Welcome/)
    expect(await page.locator('[data-step="1"]').getAttribute('data-done')).toBe('false')
  })

  it('shows both secrets in the profile menu, masked at first, and copies them', async () => {
    const secrets = await walker.credentials()
    const wanted = {
      'Organization Secret': secrets['AMALGAM_ORGANIZATION'] ?? '',
      'User Secret': secrets['AMALGAM_USER'] ?? '',
    }
    await page.getByRole('button', { name: 'Profile' }).click()
    const menu = page.getByRole('dialog', { name: 'Profile' })
    await menu.waitFor()
    for (const [name, secret] of Object.entries(wanted)) {
      expect(await page.content()).not.toContain(secret)
      await menu.getByRole('button', { name: `Show ${name}` }).click()
      await menu.getByText(secret, { exact: true }).waitFor()
      await menu.getByRole('button', { name: `Copy ${name}` }).click()
      await menu.getByRole('button', { name: `Copied: ${name}` }).waitFor()
      expect(await clipboard(page)).toBe(secret)
    }
    expect(await walker.faults('profile menu')).toEqual([])
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'hidden' })
    await page.locator('[data-step="1"][data-done="true"]').waitFor()
    expect(await page.locator('[data-step="3"]').getAttribute('data-done')).toBe('false')
    expect(await walker.faults('home')).toEqual([])
  })

  it('connects the sandbox through its login and consent pages, and believes it after a live call', async () => {
    await page.getByRole('link', { name: 'Connect SAP Concur' }).click()
    await page.getByRole('heading', { name: 'Connect SAP Concur' }).waitFor()
    expect(await walker.faults('connect')).toEqual([])
    expect(await page.locator('[data-paste="Callback address"]').innerText()).toContain(walker.url)
    await page.getByRole('button', { name: 'Connect the sandbox' }).click()
    await walker.consent()
    await page.getByText('SAP Concur sandbox is connected').waitFor()
    await page.getByText(/with a row of reports/).waitFor()
    expect(await walker.faults('connected')).toEqual([])
    await page.getByRole('link', { name: 'Open SAP Concur sandbox' }).click()
    await page.getByRole('heading', { name: 'Query' }).waitFor()
  })

  it('has the Element token and a command line that runs as it is copied', async () => {
    await page.getByRole('button', { name: 'Copy Element token' }).click()
    await page.getByRole('button', { name: 'Copied: Element token' }).waitFor()
    const token = await clipboard(page)
    expect(token).toMatch(/^[\w+/]{43}=$/)
    await page.getByRole('button', { name: /^Copy curl/ }).click()
    await page.getByRole('button', { name: /^Copied: for/ }).waitFor()
    line = await clipboard(page)
    expect(line).toContain(token)
    const rows = JSON.parse(runLine(line))
    expect(rows[0].Name).toBeTypeOf('string')
    await walker.open('/', /Welcome/)
    await expect
      .poll(async () => {
        await page.reload()
        await page.getByRole('heading', { name: /Welcome/ }).waitFor()
        return page.locator('[data-done="true"]').count()
      })
      .toBe(3)
  })

  it('asks a query, shows who filtered what, rows, and a record', async () => {
    await page.getByRole('link', { name: /^Query/ }).click()
    await page.getByLabel('where').fill("ApprovalStatusCode = 'A_PEND' AND Total > 500")
    await page.getByRole('button', { name: 'Run the query' }).click()
    await page.locator('[data-plan]').waitFor()
    expect(await page.locator('[data-plan]').innerText()).toMatch(
      /provider: .*approvalStatusCode='A_PEND'; local: .*Total > 500/,
    )
    const rows = page.getByRole('region', { name: 'Rows, a table' }).getByRole('button')
    expect(await rows.count()).toBe(10)
    expect(await walker.faults('instance')).toEqual([])
    await rows.first().click()
    const record = page.getByRole('dialog', { name: 'Record' })
    await record.getByText('Submitted & Pending Approval').first().waitFor()
    expect(await walker.faults('record')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByLabel('where').fill('Totl > 500')
    await page.getByRole('button', { name: 'Run the query' }).click()
    await page.getByRole('alert').getByText(/Total/).waitFor()
  })

  it('finds a connection that was revoked, and renews it under the same token', async () => {
    await ask(`${walker.sandbox}/sandbox/revoke`, { body: { login: person } })
    await page.getByRole('button', { name: /^Test/ }).click()
    await page.getByText('The test failed').waitFor()
    await page.locator('[data-state="needs-reconnect"]').waitFor()
    expect(await walker.faults('revoked')).toEqual([])
    expect(runLine(line)).toContain('needs-reconnect')
    await walker.open('/', /Welcome/)
    await page.getByText('needs to be connected again').first().waitFor()
    const troubled = page.getByRole('link', { name: 'Open SAP Concur sandbox' })
    for (let left = await troubled.count(); left > 0; left--) {
      await walker.open('/', /Welcome/)
      await troubled.first().click()
      await page.getByRole('link', { name: /^Reconnect/ }).click()
      await page.getByRole('heading', { name: /^Reconnect/ }).waitFor()
      if (left === 1) expect(await walker.faults('reconnect')).toEqual([])
      await page.getByRole('button', { name: 'Reconnect SAP Concur sandbox' }).click()
      await walker.consent()
      await page.getByText('is connected').waitFor()
    }
    expect(JSON.parse(runLine(line))[0].Name).toBeTypeOf('string')
  })
})
