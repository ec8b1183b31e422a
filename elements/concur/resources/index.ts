import type { Resource } from '#src/element/index.ts'
import { attendees, attendeeTypes } from './attendees.ts'
import { expenseAttendees } from './expense-attendees.ts'
import { expenseTypes, paymentTypes, policies } from './expense-config.ts'
import { expenses } from './expenses.ts'
import { formFields } from './form-fields.ts'
import { groupConfigurations } from './group-configurations.ts'
import { allocations, itemizations } from './itemizations.ts'
import { items } from './items.ts'
import { lists } from './lists.ts'
import { locations } from './locations.ts'
import { paymentDigests, payments } from './payments.ts'
import { quickExpenses } from './quick-expenses.ts'
import { receiptImages, receipts } from './receipts.ts'
import { reportComments } from './report-comments.ts'
import { reportExceptions } from './report-exceptions.ts'
import { reports } from './reports.ts'
import { users } from './users.ts'
import { vendorBanks, vendorGroups } from './vendor-parts.ts'
import { vendors } from './vendors.ts'

const all: readonly Resource[] = [
  reports,
  expenses,
  itemizations,
  allocations,
  attendees,
  attendeeTypes,
  expenseAttendees,
  reportComments,
  reportExceptions,
  formFields,
  receipts,
  receiptImages,
  quickExpenses,
  policies,
  expenseTypes,
  paymentTypes,
  groupConfigurations,
  lists,
  items,
  locations,
  users,
  payments,
  paymentDigests,
  vendors,
  vendorBanks,
  vendorGroups,
]

/** By name. */
export const resources: Readonly<Record<string, Resource>> = Object.fromEntries(
  all.map((resource) => [resource.name, resource]),
)
