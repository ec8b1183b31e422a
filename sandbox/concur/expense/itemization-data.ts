import { randomBytes } from 'node:crypto'
import { expenseTypeByCode } from '../config/config-data.ts'
import { uuidOf } from '../ids.ts'
import type { Sandbox } from '../operation.ts'
import { personByLogin } from '../people.ts'
import { hexOfUuid } from '../protected-id.ts'
import type { CustomField, Entry } from '../records.ts'
import { roundMoney } from '../seed-entries.ts'
import { createTable, type Kept } from '../table.ts'

/** A part of an entry. Two of five seeded hotel nights are itemized into room and tax. */
export interface Itemization {
  /** As v3 writes it; leads to the entry. */
  readonly id: string
  readonly expenseId: string
  readonly typeCode: string
  readonly typeName: string
  readonly spend: readonly [code: string | null, name: string | null]
  readonly amount: number
  readonly transactionAt: number
  readonly description: string | null
  readonly hasComment: boolean
  readonly billable: boolean
  readonly personal: boolean
  readonly modifiedAt: number
  readonly fields: Readonly<Record<string, CustomField | null>>
}

interface Itemized extends Kept {
  readonly list: readonly Itemization[]
}
/** By entry: whoever writes one writes the entry's whole list. */
const itemized = createTable<Itemized>('itemizations')

const idOf = (entry: Entry, mark: string): string => `gWi${mark}${entry.id.slice(2)}`
export const newItemizationId = (entry: Entry): string => idOf(entry, randomBytes(2).toString('hex'))

/** The id of the entry of an itemization. */
export const entryIdOf = (id: string): string | undefined => {
  const rest = /^gWi\w{4}(.+)$/.exec(id)?.[1]
  return rest === undefined ? undefined : `gW${rest}`
}

/** Entries of callers stand from 1000 on. */
const isItemized = (entry: Entry): boolean =>
  entry.typeCode === 'LODNG' &&
  entry.position < 1000 &&
  Number.parseInt(entry.expenseId.slice(0, 6), 16) % 5 < 2

const seeded = (entry: Entry): readonly Itemization[] => {
  if (!isItemized(entry)) return []
  const tax = roundMoney(entry.amount * 0.1, 2)
  const parts: readonly (readonly [code: string, amount: number])[] = [
    ['HTLRM', roundMoney(entry.amount - tax, 2)],
    ['HTLTX', tax],
  ]
  return parts.map(([code, amount], number) => ({
    id: idOf(entry, `AAA${String(number)}`),
    expenseId: hexOfUuid(uuidOf(`itemization:${entry.expenseId}:${String(number)}`)),
    typeCode: code,
    typeName: expenseTypeByCode(code)?.name ?? code,
    spend: expenseTypeByCode(code)?.spend ?? [null, null],
    amount,
    transactionAt: entry.transactionAt,
    ...{ description: null, hasComment: false, billable: entry.billable, personal: entry.personal },
    ...{ modifiedAt: entry.modifiedAt, fields: {} },
  }))
}

const homeOf = (entry: Entry) => personByLogin(entry.ownerLogin)?.home ?? 'us2'

export const itemizationsOf = (sandbox: Sandbox, entry: Entry): readonly Itemization[] =>
  itemized.find(sandbox, homeOf(entry), entry.id)?.list ?? seeded(entry)

export const putItemizations = (sandbox: Sandbox, entry: Entry, list: readonly Itemization[]): void => {
  itemized.put(sandbox, { id: entry.id, home: homeOf(entry), list })
}

/** What an itemization comes to in the report's currency. */
export const postedOf = (entry: Entry, part: Itemization): number =>
  roundMoney(part.amount * entry.exchangeRate, 2)
