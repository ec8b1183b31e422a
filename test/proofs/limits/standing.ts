import { ask } from '../../support/client.ts'
import { inParallel } from '../support/run.ts'
import type { Vendor } from '../support/vendor.ts'
import { changedName, type Standing } from './books.ts'

const lanes = 8

/** The vendor itself, asked without the product. */
const openVendor = async ({ url, caller }: Vendor) => {
  const headers = await caller()
  /** All rows of a listing. */
  const all = async (path: string, query: Readonly<Record<string, string>>): Promise<Row[]> => {
    const rows: Row[] = []
    let next: string | null = `${url}${path}?${new URLSearchParams({ ...query, limit: '100' }).toString()}`
    while (next !== null) {
      const reply = await ask(next, { headers })
      if (reply.status !== 200) throw new Error(`the vendor answered ${reply.status}: ${reply.text}`)
      rows.push(...reply.json.Items)
      next = reply.json.NextPage
    }
    return rows
  }
  return { all }
}

type Row = Readonly<Record<string, string>>

/** Reads all rows of these names that stand at the vendor. */
export const readStanding = async (
  at: Vendor,
  since: string,
  prefix: string,
): Promise<ReadonlyMap<string, Standing>> => {
  const vendor = await openVendor(at)
  const standing = new Map<string, Standing>()
  const count = (shown = ''): void => {
    if (!shown.startsWith(prefix)) return
    const suffix = changedName('')
    const isChanged = shown.endsWith(suffix)
    const name = isChanged ? shown.slice(0, -suffix.length) : shown
    const now = standing.get(name) ?? { count: 0, changed: 0 }
    standing.set(name, { count: now.count + 1, changed: now.changed + (isChanged ? 1 : 0) })
  }
  const user = { user: 'ALL' }
  const reports = await vendor.all('/api/v3.0/expense/reports', { ...user, createDateAfter: since })
  for (const { Name } of reports) count(Name)
  const own = reports.filter(({ Name = '' }) => Name.startsWith(prefix))
  await inParallel(own.length, lanes, async (at) => {
    const entries = await vendor.all('/api/v3.0/expense/entries', {
      ...user,
      reportID: own[at]?.['ID'] ?? '',
    })
    for (const { Description } of entries) count(Description)
  })
  return standing
}
