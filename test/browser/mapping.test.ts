import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipboard, noBrowser } from '../support/browser.ts'
import { removeAllData } from '../support/program.ts'
import { runLine, startWalker, type Walker } from '../support/walker.ts'

if (noBrowser !== undefined) process.stderr.write(`Mappings on the page are not tested: ${noBrowser}\n`)

afterAll(removeAllData)

type Row = Record<string, unknown>

/** The common field, its type, what is typed of the vendor's, and the vendor's. */
const fields = [
  ['id', 'string', 'id', 'ID'],
  ['title', 'string', 'name', 'Name'],
  ['sum.amount', 'number', 'tot', 'Total'],
  ['sum.currency', 'string', 'curr', 'CurrencyCode'],
  ['changed', 'date', 'modif', 'LastModifiedDate'],
] as const

/** A report as it is mapped. */
const mapped = ({ ID, Name, Total, CurrencyCode, LastModifiedDate }: Row): Row => ({
  ...{ id: ID, title: Name, sum: { amount: Total, currency: CurrencyCode } },
  changed: String(LastModifiedDate).slice(0, 10),
})

describe.skipIf(noBrowser !== undefined)('mappings on the page', () => {
  let walker: Walker
  let page: Page
  /** The command line that was copied. */
  let line: string

  beforeAll(async () => {
    walker = await startWalker()
    page = walker.page
    await walker.enter()
  }, 180_000)
  afterAll(() => walker?.close())

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true })
  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor()

  /** Chooses one of the vendor's fields by a part of its name. */
  const choose = async (common: string, typed: string, vendor: string): Promise<void> => {
    await page.getByLabel(`Vendor's field of ${common}`).fill(typed)
    await page
      .getByRole('option', {
        name: new RegExp(`^${vendor.replaceAll(/[[\]*.]/g, '\\$&')} ?(string|number|date|array|object)`),
      })
      .click()
  }

  /** The JSON of a pane, once it is as it should be. */
  const shows = async (pane: string, wanted: unknown): Promise<void> => {
    const text = page.getByRole('region', { name: pane, exact: true }).getByRole('region')
    await expect.poll(async () => JSON.parse((await text.innerText()) || '{}')).toEqual(wanted)
  }
  const row = async (pane: string): Promise<Row> => {
    const text = page.getByLabel(`${pane}, as JSON`)
    await expect.poll(() => text.inputValue()).toContain('{')
    return JSON.parse(await text.inputValue())
  }

  /** What the page says will change, each as `added: Field id: what it will be`. */
  const changes = async (): Promise<readonly string[]> =>
    Promise.all(
      (await page.locator('[data-change]').all()).map(async (item) =>
        [await item.getAttribute('data-change'), ...(await item.locator('p').allInnerTexts())].join(': '),
      ),
    )

  const save = async (): Promise<void> => {
    await button('Save the mapping').click()
    await page.getByText('Read it from a shell').waitFor()
  }

  it('begin with the fields of a common resource', async () => {
    await page.getByRole('link', { name: 'Mappings' }).click()
    await page.getByText('Nothing is defined yet.').waitFor()
    expect(await walker.faults('no common resource')).toEqual([])
    await page.getByRole('link', { name: 'Define one' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('expense-report')
    for (const [at, [path, type]] of fields.entries()) {
      if (at > 0) await button('Add a field').click()
      await page.getByLabel(`Field ${at + 1}, its path`).fill(path)
      await page.getByLabel(`Field ${at + 1}, its type`).selectOption(type)
    }
    await page.getByLabel('Field 1, its path').fill('id[0]')
    await button('Define it').click()
    await page.getByRole('alert').getByText("fields.0.path: 'id[0]' is no path.").waitFor()
    expect(await walker.faults('definition refused')).toEqual([])
    await page.getByLabel('Field 1, its path').fill('id')
    await button('Define it').click()
    await heading('expense-report')
    await page.getByText('Nothing is mapped to it yet.').waitFor()
    expect(await walker.faults('defined')).toEqual([])
  })

  it('are made by choosing, with a row that is read from the vendor on the left and the result on the right', async () => {
    await page.getByRole('link', { name: 'Go to the mapping' }).click()
    await heading('expense-report from SAP Concur')
    await page.getByText('Row 1 of 10').waitFor()
    // Where there is a ready-made mapping of the name, it is filled in; here a person maps by hand.
    const template = page.getByLabel('Start from a template')
    if ((await template.count()) > 0) await template.selectOption({ label: 'no template' })
    const report = await row('A row of reports')
    expect(report['Name']).toBeTypeOf('string')
    await shows('A row of expense-report', {})
    await choose(...toChoose(1))
    await shows('A row of expense-report', { title: report['Name'] })
    for (const at of [0, 2, 3, 4]) await choose(...toChoose(at))
    await button('Options of changed').click()
    await page.getByLabel('Date pattern').fill('yyyy-MM-dd')
    await shows('A row of expense-report', mapped(report))
    expect(await walker.faults('mapping')).toEqual([])
    await button('Next row').click()
    await page.getByText('Row 2 of 10').waitFor()
    const next = await row('A row of reports')
    expect(next['ID']).not.toBe(report['ID'])
    await shows('A row of expense-report', mapped(next))
  })

  it('are tried the other way too, and with whatever is written', async () => {
    await page.getByText('Try a write').click()
    await row('A row that is written')
    await page.getByLabel('A row that is written, as JSON').fill('{"title": "Fair", "sum": {"amount": 3}}')
    await shows('What the vendor is sent', { Name: 'Fair', Total: 3 })
    await button('Options of sum.amount').click()
    const options = page.locator('[data-field="sum.amount"]')
    await options.getByRole('checkbox', { name: 'Never send it to the vendor' }).check()
    await shows('What the vendor is sent', { Name: 'Fair' })
    await options.getByRole('checkbox', { name: 'Never send it to the vendor' }).uncheck()
    await page.getByLabel('A row that is written, as JSON').fill('{"title": ')
    await page.getByText('This is no JSON').waitFor()
    expect(await walker.faults('a write tried')).toEqual([])
    await page.getByText('Try a read').click()
    await page.getByLabel("Vendor's field of title").fill('a[')
    await page.getByRole('alert').getByText("fields.1.vendorPath: 'a[' is no path.").waitFor()
    await page.getByText('fields.1 is the field title.').waitFor()
    await choose(...toChoose(1))
    await page.getByRole('alert').waitFor({ state: 'hidden' })
    await page.getByText('Script', { exact: true }).click()
    await page.getByLabel('JavaScript').waitFor()
    expect(await walker.faults('script editor')).toEqual([])
  })

  it('are saved after the difference is seen, and read by the line that is copied', async () => {
    await button('See what will change').click()
    await page.getByText('Nothing is stored at this level yet.').waitFor()
    expect(await changes()).toEqual(
      expect.arrayContaining([
        'added: Resource of the vendor: reports',
        "added: Field sum.amount: the vendor's Total, number",
        "added: Field changed: the vendor's LastModifiedDate, date, dates as yyyy-MM-dd",
        'added: What is not mapped: is left out, read and written',
      ]),
    )
    expect(await walker.faults('difference')).toEqual([])
    await save()
    expect(await walker.faults('saved')).toEqual([])
    await button('Copy curl for expense-report').click()
    await button('Copied: for expense-report').waitFor()
    line = await clipboard(page)
    const rows = JSON.parse(runLine(line)) as Row[]
    const vendor = JSON.parse(runLine(line.replace('/hubs/expense/expense-report', '/hubs/expense/reports')))
    expect(rows).toHaveLength(10)
    expect(rows).toEqual(vendor.map(mapped))
  })

  it('show what is stored when they are opened again, and only what differs', async () => {
    await page.getByRole('link', { name: 'Mappings' }).click()
    await page.getByText(/^Mapped: SAP Concur, for instance/).waitFor()
    expect(await walker.faults('common resources')).toEqual([])
    await page.getByRole('link', { name: 'Open expense-report' }).click()
    await page.getByRole('link', { name: /^Open the mapping of SAP Concur/ }).click()
    await heading('expense-report from SAP Concur')
    await button('See what will change').click()
    await page.getByText('Nothing differs from what is stored.').waitFor()
    await button('Go on editing').click()
    await button('Remove sum.currency').click()
    await choose('title', 'owner', 'OwnerName')
    await page
      .getByLabel('What is not mapped')
      .selectOption({ label: 'is hidden from readers, and sent to the vendor' })
    await button('See what will change').click()
    expect(await changes()).toEqual([
      "changed: Field title: the vendor's Name, string: the vendor's OwnerName, string",
      "removed: Field sum.currency: the vendor's CurrencyCode, string",
      'changed: What is not mapped: is left out, read and written: is hidden from readers, and sent to the vendor',
    ])
    await save()
    const [first] = JSON.parse(runLine(line)) as Row[]
    expect(Object.keys(first ?? {}).sort()).toEqual(['changed', 'id', 'sum', 'title'])
    expect(Object.keys(first?.['sum'] as Row)).toEqual(['amount'])
  })

  it('know lists and what stands in them', async () => {
    await page.getByLabel('Resource of the vendor').selectOption('expense-group-configurations')
    await expect
      .poll(async () => (await row('A row of expense-group-configurations'))['Policies'])
      .toBeTruthy()
    const group = await row('A row of expense-group-configurations')
    await button('Add a field').click()
    await page.getByLabel('Common field a new field').fill('policies[*].label')
    await choose('policies[*].label', 'policies[*].na', 'Policies[*].Name')
    const labels = (group['Policies'] as Row[]).map(({ Name }) => ({ label: Name }))
    const result = page.getByRole('region', { name: 'A row of expense-report', exact: true })
    await expect
      .poll(async () => JSON.parse(await result.getByRole('region').innerText())['policies'])
      .toEqual(labels)
    const asked = page.waitForEvent('dialog')
    const left = page.getByRole('link', { name: 'Back to expense-report' }).click()
    const question = await asked
    expect(question.message()).toContain('not saved')
    await question.dismiss()
    await left
    await heading('expense-report from SAP Concur')
    page.on('dialog', (dialog) => void dialog.accept())
  })

  it('hold at a level, and inherit from those above where they say so', async () => {
    await walker.open('/define?name=expense-report', 'Fields of expense-report')
    await page.getByLabel('It holds for').selectOption({ label: 'the account' })
    await page.getByText('Nothing of this name is defined for the account yet.').waitFor()
    await page.getByLabel('Field 1, its path').fill('remark')
    await button('Define it').click()
    await heading('expense-report')
    await page.locator('[data-place="account"]').getByText('remark').waitFor()
    await page.getByLabel('The mapping holds for').selectOption({ label: 'the whole organization' })
    await page.getByRole('link', { name: 'Go to the mapping' }).click()
    await page.getByText('The mapping that holds for the whole organization.').waitFor()
    await choose('title', 'name', 'Name')
    await choose('id', 'id', 'ID')
    await button('See what will change').click()
    await save()
    await page.getByRole('link', { name: 'Back to expense-report' }).click()
    await page.getByLabel('The mapping holds for').selectOption({ label: 'the account' })
    await page.getByRole('link', { name: 'Go to the mapping' }).click()
    await page.getByText('The mapping that holds for the account.').waitFor()
    await choose('remark', 'purp', 'Purpose')
    expect(await page.getByLabel('Inherit').isChecked()).toBe(true)
    await page.locator('[data-field="title"]').getByText('From the organization').waitFor()
    const report = await row('A row of reports')
    await shows('A row of expense-report', {
      ...{ id: report['ID'], title: report['Name'] },
      ...(report['Purpose'] === undefined ? {} : { remark: report['Purpose'] }),
    })
    expect(await walker.faults('inherited')).toEqual([])
    await button('See what will change').click()
    expect((await changes()).filter((change) => change.startsWith('added: Field'))).toEqual([
      "added: Field remark: the vendor's Purpose, string",
    ])
    await save()
  })

  it('are renamed and deleted by the rules of the API, in its words', async () => {
    await walker.open('/mappings/expense-report', 'expense-report')
    await button('Delete what is defined for the whole organization').click()
    await button('Yes, delete').click()
    await page
      .getByRole('alert')
      .getByText(/is used by the transformation of/)
      .waitFor()
    expect(await walker.faults('delete refused')).toEqual([])
    await button('No').click()
    await button('Rename what is defined for the whole organization').click()
    await page.getByRole('textbox', { name: 'New name' }).fill('no/name')
    await button('Rename it').click()
    await page.getByRole('alert').getByText("'no/name' cannot be a resource's name").waitFor()
    await page.getByRole('textbox', { name: 'New name' }).fill('trip')
    await button('Rename it').click()
    await heading('trip')
    expect(
      JSON.parse(runLine(line.replace('/hubs/expense/expense-report', '/hubs/expense/trip'))),
    ).toHaveLength(10)
    const open = page.getByRole('button', { name: /^Delete the mapping of/ })
    for (let count = await open.count(); count > 0; count--) {
      await open.first().click()
      await button('Yes, delete').click()
      await expect.poll(() => open.count()).toBe(count - 1)
    }
    await button('Delete what is defined for the whole organization').click()
    await button('Yes, delete').click()
    await heading('Common resources')
    await page.getByRole('heading', { name: 'expense-report' }).waitFor()
    expect(await page.getByRole('heading', { name: 'trip' }).count()).toBe(0)
    await walker.open('/mappings/expense-report/concur/nowhere', 'Nothing is here')
    await page.getByText("'nowhere' is no level.").waitFor()
    expect(walker.window.complaints).toEqual([])
  })
})

/** What `choose` takes of a field. */
const toChoose = (at: number): [common: string, typed: string, vendor: string] => {
  const [common, , typed, vendor] = fields[at] ?? fields[0]
  return [common, typed, vendor]
}
