import { existsSync } from 'node:fs'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { vi } from 'vitest'

// Whatever is shown is looked at by all rules of axe, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

/** Debian's Chromium: `apt-get install chromium`. */
const chromiumPath = '/usr/bin/chromium'

/** Why nothing can be tested in a browser here; undefined where it can. */
export const noBrowser: string | undefined = existsSync(chromiumPath)
  ? undefined
  : `there is no ${chromiumPath}; install Debian's package chromium`

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A person's window, and what its pages complained about. */
export interface Window {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors of scripts, and of the browser about a page, but not the statuses of calls. */
  readonly complaints: string[]
}

export const openWindow = async (browser: Browser): Promise<Window> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    const isStatus = /the server responded with a status of 4\d\d/.test(message.text())
    if (message.type() === 'error' && !isStatus) complaints.push(message.text())
  })
  return { context, page, complaints }
}

export const clipboard = (page: Page): Promise<string> =>
  page.evaluate<string>('navigator.clipboard.readText()')

/** Serious faults that axe finds on what is shown now, by rule and place. */
const seriousFaults = async (page: Page): Promise<readonly string[]> => {
  // Not by a script element: the page's policy lets none in.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })")
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** What is wrong with what is shown now, on a desk and on a telephone, in the light and in the dark. */
export const faultsOf = async (page: Page, name: string): Promise<readonly string[]> => {
  const faults: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      // Styles that follow the width or the scheme are applied with the next frames.
      await page.waitForTimeout(250)
      const where = `${name}, ${width} px, ${colorScheme}`
      const over = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      if (over > 0) faults.push(`${where}: ${over} px too wide`)
      // Colors follow the scheme and places the width: two of the four show them all, and each costs a second.
      if ((colorScheme === 'light') === (width === 1440))
        for (const fault of await seriousFaults(page)) faults.push(`${where}: ${fault}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return faults
}
