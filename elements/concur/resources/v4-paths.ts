import {
  type AddressParam,
  badInput,
  type Given,
  type Principal,
  type VendorPort,
} from '#src/element/index.ts'

/**
 * Addresses of Expense Reports v4: the long one names a person and in which role, the short one is a company's.
 * Source: SAP Concur, Reports v4 (spec/concur.md 2.1 and 3.1), compared 2026-08.
 */
const base = '/expensereports/v4'

/** A company's grant reaches every report. */
export const companyFirst: readonly Principal[] = ['company', 'user']

export const readReports = ['expense.report.read', 'expense.report.readwrite'] as const
export const writeReports = ['expense.report.readwrite'] as const

type Verbs = NonNullable<AddressParam['neededBy']>

export const ofReport = (neededBy: Verbs): AddressParam => ({
  name: 'reportId',
  description: 'ID of the report, as reports show it.',
  neededBy,
})

export const ofExpense = (neededBy: Verbs, more = ''): AddressParam => ({
  name: 'expenseId',
  description: `Id of the expense: its ExpenseID, or its ID.${more}`,
  neededBy,
})

/** Whose: for addresses that name a person. */
export const ofUser: readonly AddressParam[] = [
  {
    name: 'userId',
    description: 'UUID of the person; absent: the connected one, for a company the owner of the report.',
  },
  { name: 'user', description: 'Login of the person, in place of userId.' },
]

/** Whose expense group. */
export const ofGroup: readonly AddressParam[] = [
  {
    name: 'userId',
    description: 'UUID of the person whose group is meant; absent: all of a company, a person’s own.',
  },
  { name: 'user', description: 'Login of the person, in place of userId.' },
]

/** The address of something below a report, for a coded call; whoever's grant signs `companyFirst` calls. */
export const reportAddress = async (port: VendorPort, given: Given, rest: string): Promise<string> => {
  const { reportId } = given
  if (reportId === undefined) throw badInput('reportId: name the report, as query parameter or in where.')
  const report = `/reports/${encodeURIComponent(reportId)}${rest}`
  if (port.principalOf(companyFirst) === 'company') return `${base}${report}`
  const userId = await port.place('userId', given, 'user')
  return `${base}/users/${encodeURIComponent(userId)}/context/TRAVELER${report}`
}

/** The address below a person's report, for a coded call that has no short one. */
export const reportAddressOfPerson = async (
  port: VendorPort,
  given: Given,
  rest: string,
): Promise<string> => {
  const { reportId } = given
  if (reportId === undefined) throw badInput('reportId: name the report, as query parameter or in where.')
  const userId = await port.place('userId', given, port.principalOf(companyFirst))
  return `${base}/users/${encodeURIComponent(userId)}/context/TRAVELER/reports/${encodeURIComponent(reportId)}${rest}`
}
