/**
 * The scopes that a person's consent asks for: what the resources need, one of each call's. An application must be
 * registered with them; `oauth.scope` asks for less.
 * Source: SAP Concur "Scopes" and each page's scope table (spec/concur.md 1.3), compared 2026-08.
 */
export const usualScopes: readonly string[] = [
  'openid',
  'user.read',
  // Reports, entries, itemizations and allocations of v3; configuration and lists of v3; images of v1 and v3.
  'EXPRPT',
  'CONFIG',
  'LIST',
  'IMAGE',
  'RCTIMG',
  // Workflow, comments, exceptions and attendees of an expense; deleting it.
  'expense.report.read',
  'expense.report.readwrite',
  'expense.report.workflowstatus.write',
  'expense.config.policies.restricted.read',
  'expense.config.expensetypes.restricted.read',
  'expense.config.paymenttypes.restricted.read',
  'expense.config.attendeetypes.restricted.read',
  'expense.config.groups.restricted.read',
  'attendee.read',
  'attendee.write',
  'attendee.admin.read',
  'quickexpense.writeonly',
  'receipts.read',
  'receipts.write',
  'spend.list.read',
  'spend.list.write',
  'spend.listitem.read',
  'spend.listitem.write',
  'spend.listitem.delete',
  'locality.read',
  'identity.user.ids.read',
  'identity.user.core.read',
  'identity.user.coresensitive.read',
  'identity.user.enterprise.read',
  // Invoices: payment requests and their digests; vendors with their banks and groups.
  'INVPMT',
  'INVVEN',
]
