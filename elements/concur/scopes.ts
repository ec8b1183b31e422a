/**
 * Scopes that the resources of this element need. An application must be registered with SAP Concur for each that it
 * asks for; a connection asks for other ones by `oauth.scope`.
 * Source: SAP Concur "Scopes" and the scope table of each API's page (spec/concur.md 1.3), compared 2026-08.
 */
export const neededScopes: readonly string[] = [
  'openid',
  // v1 to v3: reports and entries, configuration, images, lists, attendees.
  ...['EXPRPT', 'CONFIG', 'IMAGE', 'LIST', 'ATTEND'],
  ...['expense.report.read', 'expense.report.readwrite', 'expense.report.workflowstatus.write', 'user.read'],
  ...['policies', 'expensetypes', 'paymenttypes', 'attendeetypes', 'groups'].map(
    (part) => `expense.config.${part}.restricted.read`,
  ),
  ...['attendee.read', 'attendee.write', 'attendee.admin.read'],
  ...['spend.list.read', 'spend.list.write', 'spend.listitem.read', 'spend.listitem.write'],
  ...['spend.listitem.delete', 'locality.read'],
  ...['receipts.read', 'receipts.write', 'quickexpense.writeonly'],
  ...['identity.user.ids.read', 'identity.user.core.read', 'identity.user.enterprise.read', 'company.read'],
  ...['INVPMT', 'INVVEN'],
]
