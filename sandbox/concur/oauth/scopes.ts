/**
 * The scopes the sandbox's app is registered for: every one of an expense hub.
 * Follows: developer.concur.com, Scopes. Verified: 2026-08
 */
const single = new Set([
  ...['openid', 'EXPRPT', 'CONFIG', 'ATTEND', 'LIST', 'IMAGE', 'RCTIMG', 'USER', 'TAXINV', 'ERECPT'],
  ...['INVPMT', 'INVPO', 'INVVEN', 'INVTV', 'TRVREQ', 'ITINER', 'TRVPRF', 'CCARD', 'BANK', 'PAYBAT'],
  ...['EXTRCT', 'FISVC', 'INSGHT', 'CONREQ', 'NOTIF', 'user.read', 'company.read', 'locality.read'],
])
const families =
  /^(?:expense\.(?:report|config)|attendee|spend\.(?:list|listitem|user)|receipts|spenddocs|quickexpense|identity\.user|user\.(?:provision|profile)|invoice|purchaserequest|travelrequest|travel|cashadvance|budgetitem|fiscalcalendar|cards|events)\.[a-zA-Z.]+$/

export const isRegistered = (scope: string): boolean => single.has(scope) || families.test(scope)

export const splitScope = (text: string): string[] => [
  ...new Set(text.split(/[\s,]+/).filter((scope) => scope !== '')),
]

/** What a grant without `scope` gets. */
export const defaultScope = [
  ...['openid', 'EXPRPT', 'CONFIG', 'ATTEND', 'LIST', 'IMAGE', 'user.read', 'company.read'],
  ...['expense.report.read', 'expense.report.readwrite', 'expense.report.workflowstatus.write'],
  ...['identity.user.ids.read', 'identity.user.core.read', 'identity.user.coresensitive.read'],
  ...['identity.user.enterprise.read', 'spend.list.read', 'spend.listitem.read', 'locality.read', 'RCTIMG'],
  ...['attendee.read', 'attendee.write', 'attendee.admin.read', 'quickexpense.writeonly', 'INVPMT', 'INVVEN'],
  ...['receipts.read', 'receipts.write', 'spend.list.write', 'spend.listitem.write'],
].join(' ')
