import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipboard, noBrowser, openWindow } from '../support/browser.ts'
import { ask } from '../support/client.ts'
import { removeAllData } from '../support/program.ts'
import { person, runLine, startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined) process.stderr.write(`The rest of the page is not tested: ${noBrowser}\n`)

afterAll(removeAllData)

describe.skipIf(noBrowser !== undefined)('the page', () => {
  let walker: Walker
  let page: Page

  beforeAll(async () => {
    walker = await startWalker()
    page = walker.page
    await walker.enter()
  }, 120_000)
  afterAll(() => walker?.close())

  /** The addresses that a page of ours links to; none for what is no page. @throws when it is not there. */
  const linksOf = async (path: string): Promise<readonly URL[]> => {
    const reply = await page.goto(`${walker.url}${path}`)
    expect(reply?.status(), path).toBe(200)
    if (reply?.headers()['content-type']?.startsWith('text/html') !== true) return []
    await page.locator('h1').waitFor()
    await page.waitForLoadState('networkidle')
    expect(await page.locator('h1').innerText(), path).not.toBe('Nothing is here')
    expect(await page.getByRole('alert').count(), path).toBe(0)
    const links = await page.evaluate<string[]>(
      "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))",
    )
    return links.map((href) => new URL(href, page.url()))
  }

  it('leads nowhere that is not there', async () => {
    const seen = new Set<string>()
    const outside = new Set<string>()
    const left = ['/']
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      for (const target of await linksOf(path)) {
        if (target.origin === walker.url) left.push(`${target.pathname}${target.search}`)
        else outside.add(target.href)
      }
    }
    const known = ['/', '/catalogue', '/catalogue/concur', '/connect/concur', '/instances', '/secrets']
    expect([...seen]).toEqual(expect.arrayContaining(known))
    // Vendors' pages are elsewhere, and tests stay on this machine.
    for (const href of outside) expect(href).toMatch(/^https:\/\//)
    for (const [from, to] of [
      ['/connect', '/catalogue'],
      ['/connects', '/instances'],
    ]) {
      await page.goto(`${walker.url}${from}`)
      await page.waitForURL(`${walker.url}${to}`)
    }
    await walker.open('/instances/999999', 'Nothing is here')
    await page.getByText('No instance found with id 999999').waitFor()
    expect(await walker.faults('no instance')).toEqual([])
    const astray = await page.goto(`${walker.url}/nowhere`)
    expect(astray?.status()).toBe(404)
    await page.getByRole('heading', { name: 'Nothing is here' }).waitFor()
    expect(await walker.faults('not found')).toEqual([])
    await walker.open('/catalogue', 'Catalogue')
    expect(await walker.faults('catalogue')).toEqual([])
    await walker.open('/catalogue/concur', 'SAP Concur')
    expect(await walker.faults('element')).toEqual([])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download OpenAPI 3.1' }).click()
    const file = await (await download).path()
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ openapi: '3.1.0' })
  })

  it('disables, enables and deletes an instance, each after saying what it means', async () => {
    await walker.open('/instances', 'Instances')
    await page.getByRole('link', { name: 'Open SAP Concur sandbox' }).click()
    await page.getByRole('heading', { name: 'Query' }).waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)
    await page.getByRole('button', { name: /^Copy curl/ }).click()
    await page.getByRole('button', { name: /^Copied: for/ }).waitFor()
    const line = await clipboard(page)
    await page.getByRole('button', { name: /^Disable/ }).click()
    await page.locator('[data-state="disabled"]').waitFor()
    expect(runLine(line)).toContain('instance-disabled')
    await page.getByRole('button', { name: /^Enable/ }).click()
    await page.locator('[data-state="ok"]').waitFor()
    await page.getByRole('button', { name: /^Delete/ }).click()
    const question = page.getByRole('region', { name: /^Delete/ })
    await question.waitFor()
    expect(await walker.faults('delete')).toEqual([])
    await question.getByRole('button', { name: 'Yes, delete' }).click()
    await page.getByRole('heading', { name: 'Instances' }).waitFor()
    await page.locator(`[data-instance="${id}"]`).waitFor({ state: 'hidden' })
    expect(runLine(line)).toContain('bad-credentials')
    expect(await walker.faults('instances')).toEqual([])
  })

  it('tells who must act when the consent is denied', async () => {
    await walker.open('/connect/concur', 'Connect SAP Concur')
    await page.getByRole('button', { name: 'Connect the sandbox' }).click()
    await page.locator('#UserNameTxt').fill(person)
    await page.locator('#PasswordTxt').fill('sandbox')
    await page.locator('#LoginBtn').click()
    await page.locator('#DenyBtn').click()
    await page.getByText('SAP Concur is not connected').waitFor()
    await page
      .getByText(/User denied access/)
      .first()
      .waitFor()
    await page.getByText(/Web Services Administrator/).waitFor()
    expect(await walker.faults('denied')).toEqual([])
    await page.getByRole('link', { name: 'Start again' }).click()
    await page.getByRole('heading', { level: 1, name: 'Connect SAP Concur' }).waitFor()
  })

  it('leads back to the same instance when a consent to reconnect it is denied', async () => {
    await walker.open('/', /Welcome/)
    const { AMALGAM_USER, AMALGAM_ORGANIZATION } = await walker.credentials()
    const headers = { authorization: `User ${AMALGAM_USER}, Organization ${AMALGAM_ORGANIZATION}` }
    const platform = `${walker.url}/elements/api-v2`
    const made = await ask(`${platform}/connects`, {
      headers,
      body: {
        element: { key: 'concur' },
        name: 'x'.repeat(300),
        configuration: (await ask(`${platform}/elements/concur/metadata?expand=true`, { headers })).json
          .connect.sandbox.configuration,
      },
    })
    await page.goto(made.json.oauthUrl)
    await walker.consent()
    await page.getByRole('link', { name: /^Open x+$/ }).click()
    await page.getByRole('heading', { name: 'Query' }).waitFor()
    await page.getByRole('button', { name: /^Delete/ }).click()
    expect(await walker.faults('long name')).toEqual([])
    await page.getByRole('link', { name: /^Reconnect/ }).click()
    await page.getByRole('button', { name: /^Reconnect x+$/ }).click()
    await page.locator('#UserNameTxt').fill(person)
    await page.locator('#PasswordTxt').fill('sandbox')
    await page.locator('#LoginBtn').click()
    await page.locator('#DenyBtn').click()
    await page.getByRole('link', { name: 'Start again' }).click()
    await page.getByRole('heading', { level: 1, name: /^Reconnect x+$/ }).waitFor()
    expect(await walker.faults('reconnect a long name')).toEqual([])
  })

  it('connects a company by its request token, and says why a wrong one fails', async () => {
    const company = await ask(`${walker.sandbox}/sandbox/request-token`, { method: 'POST' })
    await walker.open('/connect/concur', 'Connect SAP Concur')
    await page.getByLabel(/^A whole company/).check()
    await page.getByLabel(/^Name/).fill('Our company')
    await page.getByLabel(/^API key/).fill('amalgam-sandbox')
    await page.getByLabel(/^API secret/).fill('amalgam-sandbox-secret')
    await page.getByLabel(/^Data centre/).selectOption({ label: 'The sandbox beside this server' })
    await page.getByLabel(/^Company UUID/).fill(company.json.username)
    await page.getByLabel(/^Company request token/).fill('at-wrong')
    await page.getByLabel(/^Tags/).fill('eu, finance')
    expect(await walker.faults('company')).toEqual([])
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('SAP Concur is not connected').waitFor()
    await page.getByLabel(/^Company request token/).fill(company.json.requestToken)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('Our company is connected').waitFor()
    await page.getByRole('link', { name: 'Open Our company' }).click()
    await page.locator('[data-grant="company"]').waitFor()
    await page.getByText('eu, finance').waitFor()
  })

  it('resets the User Secret after a question: the old one is refused, credentials.sh has the new one', async () => {
    const before = await walker.credentials()
    await walker.open('/secrets', 'Secrets')
    expect(await walker.faults('secrets')).toEqual([])
    await page.getByRole('button', { name: 'Reset User Secret' }).click()
    expect(await walker.faults('reset')).toEqual([])
    await page.getByRole('button', { name: 'Yes, reset' }).click()
    await expect
      .poll(async () => (await walker.credentials())['AMALGAM_USER'])
      .not.toBe(before['AMALGAM_USER'])
    const after = await walker.credentials()
    await page.getByText(after['AMALGAM_USER'] ?? 'none', { exact: true }).waitFor()
    const status = async ({ AMALGAM_USER, AMALGAM_ORGANIZATION }: Record<string, string>) =>
      (
        await ask(`${walker.url}/elements/api-v2/elements/keys`, {
          headers: { authorization: `User ${AMALGAM_USER}, Organization ${AMALGAM_ORGANIZATION}` },
        })
      ).status
    expect([await status(before), await status(after)]).toEqual([401, 200])
  })

  it('changes the password, signs out, and lets nobody in by the old one', async () => {
    const { AMALGAM_EMAIL = '', AMALGAM_PASSWORD = '' } = await walker.credentials()
    await walker.open('/secrets', 'Secrets')
    await page.getByLabel(/^Password of today/).fill(AMALGAM_PASSWORD)
    await page.getByLabel(/^New password/).fill('another good password')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText(/The password is changed/).waitFor()
    expect((await walker.credentials())['AMALGAM_PASSWORD']).toBeUndefined()
    await page.getByRole('button', { name: 'Profile' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await walker.signIn(AMALGAM_EMAIL, AMALGAM_PASSWORD)
    await page.getByText('The username or the password is wrong.').waitFor()
    await walker.signIn(AMALGAM_EMAIL, 'another good password')
    await page.getByRole('heading', { level: 1, name: /Secrets|Welcome/ }).waitFor()
  })

  it('costs at most 250 KB of compressed script, and complained of nothing on the way', async () => {
    const fresh = await openWindow(walker.browser)
    const bytes: number[] = []
    fresh.page.on('response', (reply) => {
      const isScript = reply.headers()['content-type']?.startsWith('text/javascript')
      if (isScript) bytes.push(Number(reply.headers()['content-length']))
    })
    await fresh.page.goto(walker.url)
    await fresh.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const total = bytes.reduce((sum, one) => sum + one, 0)
    process.stdout.write(`The first page loads ${(total / 1000).toFixed(1)} KB of compressed script.\n`)
    expect(total).toBeGreaterThan(10_000)
    expect(total).toBeLessThanOrEqual(250_000)
    expect([...walker.window.complaints, ...fresh.complaints]).toEqual([])
    await fresh.context.close()
  })
})
