import { uuidOf } from '../ids.ts'
import type { Person } from '../people.ts'
import { hexOfUuid } from '../protected-id.ts'
import { expenseTypes } from '../words.ts'

/**
 * What a company has configured for expenses, the same in both companies: groups, policies, types. Every
 * row has the id of v3 and the id or code of v4; neither leads to the other for callers.
 */
export interface PaymentType {
  readonly v3Id: string
  readonly code: string
  readonly name: string
  readonly isDefault: boolean
}
export const paymentTypes: readonly PaymentType[] = [
  { v3Id: 'gW$pPaymentCash', code: 'CASH', name: 'Cash/Out of Pocket', isDefault: true },
  { v3Id: 'gW$pPaymentCard', code: 'CPAID', name: 'Company Card', isDefault: false },
]
export const paymentTypeByV3Id = (id: string): PaymentType | undefined =>
  paymentTypes.find((type) => type.v3Id === id)

export interface AttendeeType {
  readonly id: string
  readonly code: string
  readonly name: string
  /** Whether people may enter such attendees. */
  readonly manual: boolean
  readonly countable: boolean
  readonly duplicateFields: readonly string[]
}
const attendeeType = (code: string, name: string, more: Partial<AttendeeType> = {}): AttendeeType => ({
  ...{ id: uuidOf(`attendee-type:${code}`), code, name, manual: true, countable: false },
  ...{ duplicateFields: ['LastName', 'FirstName', 'Company'], ...more },
})
/** NOSHOWS and SYSEMP are the system's own. */
export const attendeeTypes: readonly AttendeeType[] = [
  attendeeType('BUSGUEST', 'Business Guest', { countable: true }),
  attendeeType('EMPLOYEE', 'Employee', { duplicateFields: ['ExternalID'] }),
  attendeeType('SPOUSE', 'Spouse/Partner', { duplicateFields: ['LastName', 'FirstName'] }),
  attendeeType('NOSHOWS', 'No Shows', { manual: false, countable: true, duplicateFields: [] }),
  attendeeType('SYSEMP', 'System Employee', { manual: false, duplicateFields: ['ExternalID'] }),
]

export interface ConfiguredType {
  readonly code: string
  readonly name: string
  readonly spend: readonly [code: string, name: string]
  /** How the service treats it: MEALS, LODGING, PCARMILE … */
  readonly behaviour: string
  readonly parent: string | null
}
/** Headings that other types stand under. */
const headings: readonly (readonly [code: string, name: string])[] = [
  ['TRVLH', 'Travel'],
  ['MEALH', 'Meals and Entertainment'],
  ['OFFCH', 'Office'],
]
const behaviours: Readonly<Record<string, string>> = { LODNG: 'LODGING', DINNR: 'MEALS', BUSML: 'MEALS' }
const underOf = (code: string): string => {
  if (code === 'DINNR' || code === 'BUSML') return 'MEALH'
  return code === 'OFCSP' || code === 'CELPH' ? 'OFFCH' : 'TRVLH'
}

/** Types that no seeded expense has: two of hotel itemizations, and mileage. */
const moreTypes: readonly ConfiguredType[] = [
  { code: 'HTLRM', name: 'Room Rate', spend: ['LODGA', 'Lodging'], behaviour: 'LODGING', parent: 'TRVLH' },
  { code: 'HTLTX', name: 'Hotel Tax', spend: ['LODGT', 'Lodging Tax'], behaviour: 'OTHER', parent: 'TRVLH' },
  {
    code: 'MILEG',
    name: 'Personal Car Mileage',
    spend: ['CARMI', 'Mileage'],
    behaviour: 'PCARMILE',
    parent: 'TRVLH',
  },
]

const configuredTypes: readonly ConfiguredType[] = [
  ...headings.map(([code, name]) => ({
    ...{ code, name, spend: ['OTHER', 'Other'] as const, behaviour: 'OTHER', parent: null },
  })),
  ...expenseTypes.map(({ code, name, category }) => ({
    ...{ code, name, spend: category, behaviour: behaviours[code] ?? 'OTHER', parent: underOf(code) },
  })),
  ...moreTypes,
]
/** A type that an expense can have; headings are none. */
export const expenseTypeByCode = (code: string): ConfiguredType | undefined =>
  configuredTypes.find((type) => type.code === code && type.parent !== null)
export const headingName = (code: string): string | undefined =>
  headings.find(([known]) => known === code)?.[1]

export interface Policy {
  readonly v3Id: string
  readonly id: string
  readonly name: string
  readonly isDefault: boolean
  /** Codes of its expense types; without: all. */
  readonly only?: readonly string[]
}
const policyOf = (name: string, more: Pick<Policy, 'v3Id' | 'isDefault' | 'only'>): Policy => ({
  id: hexOfUuid(uuidOf(`policy:${name}`)),
  name,
  ...more,
})
const general = policyOf('General Expense Policy', { v3Id: 'gW$pPolicyGeneral', isDefault: true })
const travel = policyOf('Travel Expense Policy', {
  ...{ v3Id: 'gW$pPolicyTravel', isDefault: false },
  only: ['AIRFR', 'LODNG', 'TAXIX', 'TRAIN', 'DINNR', 'PARKG', 'HTLRM', 'HTLTX', 'MILEG'],
})
export const defaultPolicy = general
/** The default one for a report that names none, or one that is not known. */
export const policyById = (id: string | undefined): Policy =>
  [general, travel].find((policy) => policy.id === id) ?? general

export const typesOfPolicy = (policy: Policy): readonly ConfiguredType[] =>
  configuredTypes.filter(
    ({ code, parent }) => parent === null || policy.only === undefined || policy.only.includes(code),
  )

export interface Group {
  readonly v3Id: string
  /** The node of the hierarchy. */
  readonly id: string
  readonly name: string
  readonly policies: readonly Policy[]
}
const groupOf = (name: string, theirs: readonly Policy[]): Group => ({
  v3Id: `gW$pGroup${name}`,
  id: hexOfUuid(uuidOf(`group:${name}`)),
  name,
  policies: theirs,
})
const europe = groupOf('Europe', [general, travel])
const world = groupOf('World', [general])
export const groups: readonly Group[] = [europe, world]

export const groupOfPerson = (person: Person): Group =>
  person.place.currency === 'EUR' || person.place.currency === 'GBP' ? europe : world

export const attendeeForm = {
  v3Id: 'gW$pFormAttendeeList',
  id: hexOfUuid(uuidOf('form:attendee-list')),
  name: 'Attendee List Default Form',
}
export const cashAdvance = {
  v3Id: 'gW$pWorkflowCash',
  id: hexOfUuid(uuidOf('workflow:cash')),
  name: 'Default Cash Advance Workflow',
}
