import { associationOperations } from './attendees/associations-v3.ts'
import { attendeeTypeOperations } from './attendees/attendee-types.ts'
import { attendeeOperations } from './attendees/attendees-v4.ts'
import { expenseAttendeeOperations } from './attendees/expense-attendees.ts'
import { configOperations } from './config/config-v4.ts'
import { groupV3Operations } from './config/groups-v3.ts'
import { controlOperations } from './control.ts'
import { entryOperations } from './entries.ts'
import { entryDeletions } from './entry-delete.ts'
import { allocationOperations } from './expense/allocations.ts'
import { commentOperations } from './expense/comments.ts'
import { exceptionOperations } from './expense/exceptions.ts'
import { expenseOperations } from './expense/expenses-v4.ts'
import { itemizationOperations } from './expense/itemizations-v3.ts'
import { payOperation } from './expense/pay.ts'
import { reportV4Operations } from './expense/reports-v4.ts'
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
const operations: readonly Operation[] = [
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

interface Route {
  readonly operation: Operation
  readonly segments: readonly string[]
  readonly anyCase: boolean
}
const routes: readonly Route[] = [...operations, payOperation, ...controlOperations(operations)].map(
  (operation) => ({
    operation,
    segments: (operation.family === 'legacy' ? operation.path.toLowerCase() : operation.path).split('/'),
    anyCase: operation.family === 'legacy',
  }),
)

const match = (route: Route, segments: readonly string[]): Record<string, string> | undefined => {
  if (route.segments.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [place, wanted] of route.segments.entries()) {
    const sent = segments[place] ?? ''
    const given = route.anyCase ? sent.toLowerCase() : sent
    if (wanted.startsWith('{')) {
      if (given === '') return undefined
      params[wanted.slice(1, -1)] = given
    } else if (wanted !== given) return undefined
  }
  return params
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A lone percent sign: no id looks like that, so the row will simply not be found.
    return segment
  }
}

export type Found =
  | { readonly kind: 'found'; readonly operation: Operation; readonly params: Record<string, string> }
  | { readonly kind: 'no-path' }
  | { readonly kind: 'no-method'; readonly allowed: readonly string[]; readonly operation: Operation }

/** Matches a decoded path segment by segment. */
export const findOperation = (method: string, path: string): Found => {
  const segments = path.split('/').map(decode)
  const here = routes.flatMap((route) => {
    const params = match(route, segments)
    return params === undefined ? [] : [{ operation: route.operation, params }]
  })
  const hit = here.find(({ operation }) => operation.method === method)
  if (hit !== undefined) return { kind: 'found', ...hit }
  const first = here[0]
  if (first === undefined) return { kind: 'no-path' }
  return {
    kind: 'no-method',
    operation: first.operation,
    allowed: here.map(({ operation }) => operation.method),
  }
}
