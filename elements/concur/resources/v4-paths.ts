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
const writeReports = ['expense.report.readwrite'] as const

/** Whose grants and which scopes the calls below a report are documented for. */
export const reading = { principals: companyFirst, scopes: readReports } as const
export const writing = { principals: companyFirst, scopes: writeReports } as const

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

/** For addresses that name a person, by UUID or by login. @param description of the UUID: whose it is, and when absent. */
export const byPerson = (description: string): readonly AddressParam[] => [
  { name: 'userId', description },
  { name: 'user', description: 'Login of the person, in place of userId.' },
]

/** Whose report. */
export const ofUser = byPerson(
  'UUID of the person; absent: the connected one, for a company the owner of the report.',
)

const reportIn = ({ reportId }: Given): string => {
  if (reportId !== undefined) return encodeURIComponent(reportId)
  throw badInput('reportId: name the report, as query parameter or in where.')
}

/** The address of something below a report, for a coded call; whoever's grant signs `companyFirst` calls. */
export const reportAddress = async (port: VendorPort, given: Given, rest: string): Promise<string> =>
  port.principalOf(companyFirst) === 'company'
    ? `${base}/reports/${reportIn(given)}${rest}`
    : reportAddressOfPerson(port, given, rest)

/** The address below a person's report, for a coded call that has no short one. */
export const reportAddressOfPerson = async (
  port: VendorPort,
  given: Given,
  rest: string,
): Promise<string> => {
  const report = reportIn(given)
  const userId = await port.place('userId', given, port.principalOf(companyFirst))
  return `${base}/users/${encodeURIComponent(userId)}/context/TRAVELER/reports/${report}${rest}`
}
