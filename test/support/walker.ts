import { execFileSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { faultsOf, openBrowser, openWindow, type Window } from './browser.ts'
import {
  credentialsOf,
  interrupt,
  type Program,
  programEnvironment,
  removeData,
  startProgram,
} from './program.ts'

/** A person of the sandbox. */
export const person = 'admin@sandbox.example'

/** The built program, and a person in front of its page. */
export interface Walker {
  readonly url: string
  readonly sandbox: string
  readonly browser: Browser
  readonly window: Window
  readonly page: Page
  readonly credentials: () => Promise<Record<string, string>>
  /** Goes to a path and waits for its heading. */
  readonly open: (path: string, heading: string | RegExp) => Promise<void>
  readonly signIn: (email: string, password: string) => Promise<void>
  /** Signs in as whom credentials.sh names, and sees the home page. */
  readonly enter: () => Promise<void>
  /** Walks the vendor's login and consent pages. */
  readonly consent: () => Promise<void>
  readonly faults: (name: string) => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** @param extra what the program's environment says besides. */
export const startWalker = async (extra: Readonly<Record<string, string>> = {}): Promise<Walker> => {
  const environment = await programEnvironment(extra)
  const program: Program = startProgram(environment)
  await program.ready
  const browser = await openBrowser()
  const window = await openWindow(browser)
  const { page } = window
  const url = `http://127.0.0.1:${environment['PORT']}`
  const credentials = () => credentialsOf(environment)
  const open = async (path: string, heading: string | RegExp): Promise<void> => {
    await page.goto(`${url}${path}`)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  }
  const signIn = async (email: string, password: string): Promise<void> => {
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel(/^Password/).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  return {
    url,
    sandbox: `http://127.0.0.1:${environment['SANDBOX_PORT']}`,
    browser,
    window,
    page,
    credentials,
    open,
    signIn,
    enter: async () => {
      const { AMALGAM_EMAIL = '', AMALGAM_PASSWORD = '' } = await credentials()
      await open('/sign-in', 'Sign in')
      await signIn(AMALGAM_EMAIL, AMALGAM_PASSWORD)
      await page.getByRole('heading', { level: 1, name: /Welcome/ }).waitFor()
    },
    consent: async () => {
      await page.locator('#UserNameTxt').fill(person)
      await page.locator('#PasswordTxt').fill('sandbox')
      await page.locator('#LoginBtn').click()
      await page.locator('#AllowBtn').click()
    },
    faults: (name) => faultsOf(page, name),
    close: async () => {
      await browser.close()
      await interrupt(program)
      await removeData(environment)
    },
  }
}

/** Runs a command line as a person pastes it: by a shell, with nothing else around it. */
export const runLine = (command: string): string =>
  execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } })
