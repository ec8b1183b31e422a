import { uuidOf } from '../ids.ts'
import { departmentId } from '../lists/list-data.ts'
import type { Sandbox } from '../operation.ts'
import { personByLogin } from '../people.ts'
import { hexOfUuid } from '../protected-id.ts'
import { type CustomField, type Entry, listField } from '../records.ts'
import { findReport } from '../store.ts'
import { createTable, type Kept } from '../table.ts'
import { itemizationsOf, postedOf } from './itemization-data.ts'

/**
 * The system's own allocations: no call that creates one is documented, so each entry of a report that was
 * submitted, or each of its itemizations, is allocated whole to its owner's department.
 */
export interface Allocation {
  /** As v3 writes it; leads to what is allocated. */
  readonly id: string
  readonly v4Id: string
  readonly entry: Entry
  /** The id of the itemization on v3, and of what is allocated on v4. */
  readonly itemizationId: string | null
  readonly expenseId: string
  /** In the report's currency. */
  readonly amount: number
  readonly fields: Readonly<Record<string, CustomField | null>>
}

interface Changed extends Kept {
  readonly fields: Allocation['fields']
}
const changed = createTable<Changed>('allocations')

const ownFields = (entry: Entry): Allocation['fields'] => {
  const owner = personByLogin(entry.ownerLogin)
  if (owner === undefined) return {}
  const id = departmentId(owner.home, owner.department[0])
  return { Custom1: listField('List', owner.department, id) }
}

const homeOf = (entry: Entry) => personByLogin(entry.ownerLogin)?.home ?? 'us2'

/** Of an entry; none before its report was submitted. */
export const allocationsOf = (sandbox: Sandbox, entry: Entry): readonly Allocation[] => {
  const report = findReport(sandbox, entry.reportId)
  if (report === undefined || report.submitAt === null) return []
  const parts = itemizationsOf(sandbox, entry)
  const targets =
    parts.length === 0
      ? [{ id: entry.id, itemizationId: null, expenseId: entry.expenseId, amount: entry.posted }]
      : parts.map((part) => ({
          ...{
            id: part.id,
            itemizationId: part.id,
            expenseId: part.expenseId,
            amount: postedOf(entry, part),
          },
        }))
  return targets.map((target) => {
    const id = `gWm${target.id.slice(2)}`
    const v4Id = hexOfUuid(uuidOf(`allocation:${target.expenseId}`))
    const fields = changed.find(sandbox, homeOf(entry), id)?.fields ?? ownFields(entry)
    return { ...target, id, v4Id, entry, fields }
  })
}

/** The id of the entry that an allocation's id leads to: its own, or the one of its itemization. */
export const allocatedEntryId = (id: string): string | undefined => {
  const rest = /^gWm(?:i\w{4})?(\w{5}\$.+)$/.exec(id)?.[1]
  return rest === undefined ? undefined : `gW${rest}`
}

export const changeAllocation = (
  sandbox: Sandbox,
  allocation: Allocation,
  fields: Allocation['fields'],
): void => {
  changed.put(sandbox, { id: allocation.id, home: homeOf(allocation.entry), fields })
}
