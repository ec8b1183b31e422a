import { associationOperations } from './attendees/associations-v3.ts'
import { attendeeTypeOperations } from './attendees/attendee-types.ts'
import { attendeeOperations } from './attendees/attendees-v4.ts'
import { expenseAttendeeOperations } from './attendees/expense-attendees.ts'
import { configOperations } from './config/config-v4.ts'
import { groupV3Operations } from './config/groups-v3.ts'
import { entryOperations } from './entries.ts'
import { entryDeletions } from './entry-delete.ts'
import { allocationOperations } from './expense/allocations.ts'
import { commentOperations } from './expense/comments.ts'
import { exceptionOperations } from './expense/exceptions.ts'
import { expenseOperations } from './expense/expenses-v4.ts'
import { itemizationOperations } from './expense/itemizations-v3.ts'
import { reportV4Operations } from './expense/reports-v4.ts'
import { wildOperations } from './expense/wild.ts'
import { workflowOperations } from './expense/workflow.ts'
import { formOperations } from './forms/form-fields.ts'
import { identityOperations } from './identity.ts'
import { imageOperations } from './images/image-v1.ts'
import { quickExpenseOperations } from './images/quick-expenses.ts'
import { receiptImageOperations } from './images/receipt-images-v3.ts'
import { receiptOperations } from './images/receipts-v4.ts'
import { digestOperations } from './invoice/digests.ts'
import { paymentOperations } from './invoice/payment-requests.ts'
import { vendorOperations } from './invoice/vendors.ts'
import { legacyAuthorizeOperations } from './legacy/authorize.ts'
import { legacyRevokeOperation } from './legacy/revoke.ts'
import { legacyTokenOperations } from './legacy/token.ts'
import { bulkOperations } from './lists/items-bulk.ts'
import { itemV3Operations } from './lists/items-v3.ts'
import { itemOperations } from './lists/items-v4.ts'
import { listV3Operations } from './lists/lists-v3.ts'
import { listOperations } from './lists/lists-v4.ts'
import { authorizeOperations } from './oauth/authorize.ts'
import { connectionOperations } from './oauth/connections.ts'
import { keyOperation } from './oauth/jwt.ts'
import { migrateOperation } from './oauth/migrate.ts'
import { otpOperation } from './oauth/otp.ts'
import { tokenOperation } from './oauth/token.ts'
import type { Operation } from './operation.ts'
import { localityOperations } from './places/localities-v5.ts'
import { locationV3Operations } from './places/locations-v3.ts'
import { reportOperations } from './reports.ts'
import { userOperations } from './users.ts'

/** Every operation of the sandbox; order does not matter, paths do not overlap. */
export const operations: readonly Operation[] = [
  ...authorizeOperations,
  tokenOperation,
  otpOperation,
  keyOperation,
  ...connectionOperations,
  migrateOperation,
  ...legacyAuthorizeOperations,
  ...legacyTokenOperations,
  legacyRevokeOperation,
  ...reportOperations,
  ...entryOperations,
  ...entryDeletions,
  ...identityOperations,
  ...userOperations,
  ...listOperations,
  ...itemOperations,
  ...bulkOperations,
  ...listV3Operations,
  ...itemV3Operations,
  ...configOperations,
  ...groupV3Operations,
  ...attendeeOperations,
  ...attendeeTypeOperations,
  ...expenseAttendeeOperations,
  ...associationOperations,
  ...itemizationOperations,
  ...allocationOperations,
  ...commentOperations,
  ...exceptionOperations,
  ...reportV4Operations,
  ...expenseOperations,
  ...workflowOperations,
  ...wildOperations,
  ...receiptImageOperations,
  ...imageOperations,
  ...quickExpenseOperations,
  ...receiptOperations,
  ...locationV3Operations,
  ...localityOperations,
  ...vendorOperations,
  ...paymentOperations,
  ...digestOperations,
  ...formOperations,
]
