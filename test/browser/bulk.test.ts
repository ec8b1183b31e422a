import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipboard, noBrowser } from '../support/browser.ts'
import { ask } from '../support/client.ts'
import { removeAllData } from '../support/program.ts'
import { runLine, startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined) process.stderr.write(`Bulk jobs on the page are not tested: ${noBrowser}\n`)

afterAll(removeAllData)

const linesOf = (text: string): readonly string[] => text.split(/\r?\n/).filter((line) => line !== '')

describe.skipIf(noBrowser !== undefined)('bulk jobs on the page', () => {
  let walker: Walker
  let page: Page
  let folder: string
  /** Of the instance's bulk jobs. */
  let path: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amalgam-bulk-page-'))
    walker = await startWalker()
    page = walker.page
    await walker.enter()
    await walker.open('/instances', 'Instances')
    await page.getByRole('link', { name: 'Open SAP Concur sandbox' }).click()
    await page.getByRole('link', { name: /^Open the bulk jobs of/ }).click()
    await page.getByRole('heading', { level: 1, name: /^Bulk jobs of/ }).waitFor()
    path = new URL(page.url()).pathname
  }, 180_000)
  afterAll(async () => {
    await walker?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Replaces all faults of the sandbox. */
  const faults = async (...list: readonly object[]): Promise<void> => {
    const reply = await ask(`${walker.sandbox}/sandbox/faults`, { method: 'PUT', body: list })
    expect(reply.status, reply.text).toBe(200)
  }

  const startDownload = async (query: string): Promise<void> => {
    await walker.open(`${path}?view=download`, /^Bulk jobs of/)
    await page.getByLabel('Query').fill(query)
    await page.getByRole('button', { name: 'Start the download' }).click()
    await page.getByRole('heading', { level: 1, name: 'Download of reports' }).waitFor()
  }

  const untilState = (state: string, timeout = 30_000): Promise<void> =>
    page.locator(`[data-status="${state}"]`).waitFor({ timeout })

  const percent = async (): Promise<number> =>
    Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'))

  /** The file that a button saves. */
  const saved = async (button: string): Promise<{ readonly name: string; readonly text: string }> => {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button, exact: true }).click()
    const file = await download
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
  }

  it('say what to do while there are none', async () => {
    await page.getByText('No job yet.').waitFor()
    expect(await walker.faults('no jobs')).toEqual([])
    await page.getByRole('link', { name: 'Start an upload' }).click()
    await page.getByLabel(/^File/).waitFor()
    await page.getByLabel('Action').selectOption('upsert')
    await page.getByLabel(/^Identifier field/).fill('ID')
    await page.getByText('"action":"upsert","identifierFieldName":"ID"').waitFor()
    expect(await walker.faults('upload form')).toEqual([])
    await page.getByRole('tab', { name: 'Jobs' }).click()
    await page.getByRole('link', { name: 'Start a download' }).click()
    await page.getByLabel('Query').waitFor()
  })

  it('make a query of what is chosen, and say what is wrong with one that is written', async () => {
    const query = page.getByLabel('Query')
    await page.getByLabel('Resource').selectOption('reports')
    expect(await query.inputValue()).toBe('select * from reports')
    await page.getByLabel('fields', { exact: true }).fill('ID,Name,Total')
    await page.getByLabel('where', { exact: true }).fill('Total > 500')
    await page.getByLabel('limit').fill('30')
    const made = 'select ID,Name,Total from reports where Total > 500 limit 30'
    expect(await query.inputValue()).toBe(made)
    await query.fill('select * from reports where Totl > 500')
    await page.getByRole('button', { name: 'Start the download' }).click()
    await page.getByRole('alert').getByText(/Total/).waitFor()
    expect(await walker.faults('download refused')).toEqual([])
    await page.getByRole('button', { name: 'Undo changes of the query' }).click()
    expect(await query.inputValue()).toBe(made)
    await page.getByRole('button', { name: 'Start the download' }).click()
    await page.getByRole('heading', { level: 1, name: 'Download of reports' }).waitFor()
  })

  it('tell when a download is complete, and save it as CSV and as JSON lines', async () => {
    await untilState('COMPLETED')
    await page.locator('[data-records="30"]').waitFor()
    expect(await percent()).toBe(100)
    const csv = await saved('Download CSV')
    expect(csv.name).toMatch(/^reports-\d+\.csv$/)
    expect(linesOf(csv.text)[0]).toBe('ID,Name,Total')
    expect(linesOf(csv.text)).toHaveLength(31)
    const json = await saved('Download JSON lines')
    const records = linesOf(json.text).map((line) => JSON.parse(line))
    expect(records).toHaveLength(30)
    for (const { Total } of records) expect(Total).toBeGreaterThan(500)
    expect(await walker.faults('complete job')).toEqual([])
    await page.getByText('The same from a shell, the better way for large files').click()
    expect(await walker.faults('lines for a shell')).toEqual([])
    await page.getByRole('button', { name: `Copy curl for ${csv.name}` }).click()
    await page.getByRole('button', { name: `Copied: for ${csv.name}` }).waitFor()
    runLine(`cd '${folder}' && ${await clipboard(page)}`)
    expect(await readFile(join(folder, csv.name), 'utf8')).toBe(csv.text)
  })

  it('begin from a shell by the line that is shown', async () => {
    await walker.open(`${path}?view=download`, /^Bulk jobs of/)
    await page.getByLabel('limit').fill('1')
    await page.getByRole('button', { name: 'Copy curl for the download' }).click()
    await page.getByRole('button', { name: 'Copied: for the download' }).waitFor()
    const line = await clipboard(page)
    const { id, status } = JSON.parse(runLine(line))
    expect(status).toBe('CREATED')
    await page.getByRole('tab', { name: 'Jobs' }).click()
    await page.locator(`[data-job="${id}"][data-status="COMPLETED"]`).waitFor()
    const order = async (): Promise<readonly number[]> =>
      Promise.all(
        (await page.locator('[data-job]').all()).map(async (job) =>
          Number(await job.getAttribute('data-job')),
        ),
      )
    const few = await order()
    expect(few).toEqual([...few].sort((one, two) => two - one))
    for (let more = 0; more < 25; more++) runLine(line)
    await page.reload()
    await page.getByRole('button', { name: 'Older jobs' }).waitFor()
    expect(await order()).toHaveLength(25)
    expect(await walker.faults('many jobs')).toEqual([])
    await page.getByRole('button', { name: 'Older jobs' }).click()
    await expect.poll(order).toHaveLength(27)
    expect((await order()).at(-1)).toBe(few.at(-1))
  })

  it('show how far a slow one is, cancel it at once, and resume it where it stood', async () => {
    await faults({ fault: 'slow', value: 3_000, operation: 'reports.list' })
    await startDownload('select ID from reports limit 1000')
    await untilState('RUNNING')
    await page.getByText(/records a second/).waitFor()
    const reached = await percent()
    expect(reached).toBeGreaterThan(0)
    expect(reached).toBeLessThan(100)
    await page.getByText(/at this rate it ends/).waitFor()
    expect(await walker.faults('running job')).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await untilState('CANCELLED')
    await page.getByText('What was read until it ended').waitFor()
    const before = linesOf((await saved('Download CSV')).text)
    expect(await walker.faults('cancelled job')).toEqual([])
    await faults()
    await page.getByRole('button', { name: 'Resume' }).click()
    await untilState('COMPLETED')
    await page.locator('[data-records="1000"]').waitFor()
    const after = linesOf((await saved('Download CSV')).text)
    expect(after).toHaveLength(1_001)
    expect(new Set(after).size).toBe(1_001)
    expect(after.slice(0, before.length)).toEqual(before)
  })

  it('send a file of rows, tell which were not taken and why, and take them back when they are mended', async () => {
    const file =
      'Name,UserDefinedDate,Total\nFrom a file,2026-01-31,1\nTorn,2026-01-31,a lot\nLate,someday,1\n'
    await walker.open(`${path}?view=upload`, /^Bulk jobs of/)
    await page
      .getByLabel(/^File/)
      .setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
    await page.getByLabel('Resource').selectOption('reports')
    await page.getByRole('button', { name: 'Start the upload' }).click()
    await page.getByRole('heading', { level: 1, name: 'Upload of reports' }).waitFor()
    await untilState('COMPLETED')
    await page.getByText('3 records, 2 of them failed').waitFor()
    const failed = page.getByRole('region', { name: 'Rows that failed, a table' })
    await failed.locator('[data-row="2"]').getByText("'a lot' is no number").waitFor()
    await failed
      .locator('[data-row="3"]')
      .getByText(/^400, .*'someday' is not a date/)
      .waitFor()
    await page.getByText('ignored: Total').waitFor()
    expect(await walker.faults('errors')).toEqual([])
    const rejects = await saved('Download the rejects')
    expect(rejects.name).toMatch(/^reports-\d+-rejects\.csv$/)
    expect(linesOf(rejects.text).map((line) => line.split(',', 3))).toEqual([
      ['Name', 'UserDefinedDate', 'Total'],
      ['Torn', '2026-01-31', 'a lot'],
      ['Late', 'someday', '1'],
    ])
    const mended = rejects.text.replace('a lot', '2').replace('someday', '2026-02-01')
    await writeFile(join(folder, 'mended.csv'), mended)
    await walker.open(`${path}?view=upload`, /^Bulk jobs of/)
    await page.getByLabel(/^File/).setInputFiles(join(folder, 'mended.csv'))
    await page.getByLabel('Resource').selectOption('reports')
    await page.getByRole('button', { name: 'Copy curl for the upload' }).click()
    await page.getByRole('button', { name: 'Copied: for the upload' }).waitFor()
    const { id } = JSON.parse(runLine(`cd '${folder}' && ${await clipboard(page)}`))
    await walker.open(`${path}/${id}`, 'Upload of reports')
    await untilState('COMPLETED')
    await page.getByText('2 records').waitFor()
    expect(await page.getByRole('region', { name: 'Errors' }).count()).toBe(0)
  })

  it('say what one waits for, and go on when told to', async () => {
    await faults({ fault: 'server-error', operation: 'reports.list' })
    await startDownload('select ID from reports limit 10')
    await untilState('WAITING')
    await page.getByText('It waits, and goes on by itself').waitFor()
    expect(await walker.faults('waiting job')).toEqual([])
    await faults()
    await page.getByRole('button', { name: 'Go on now' }).click()
    await untilState('COMPLETED')
    await walker.open(`${path}/999999999`, 'Nothing is here')
    await page.getByText('No bulk job found with id 999999999').waitFor()
    expect(walker.window.complaints).toEqual([])
  })
})
