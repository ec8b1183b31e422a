/**
 * The vendor's machine-readable specifications that tests hold requests and replies against, where a copy of them
 * stands beside the project.
 */

/** Files, and what stands before their paths at the vendor. */
export const publishedFiles: readonly (readonly [file: string, prefix: string])[] = [
  ...['List', 'ListItem', 'ListItemBulk', 'QuickExpenses', 'Receipts'].map((name): [string, string] => [
    `v4-0/${name}.swagger${name === 'QuickExpenses' ? '' : '2'}.json`,
    '',
  ]),
  ['v4-0/Reports.swagger.json', ''],
  ['v4-0/Attendees.swagger2.json', '/v4'],
  ...[
    ...['Lists', 'ListItems', 'Reports', 'Entries', 'Itemizations', 'Allocations', 'AttendeeTypes', 'Users'],
    ...['EntryAttendeeAssociations', 'ExpenseGroupConfigurations', 'ReceiptImages', 'Locations'],
    ...['PaymentRequest', 'PaymentRequestDigest'],
  ].map((name): [string, string] => [`v3-0/${name}.swagger2.json`, '/api/v3.0']),
  ...['ExpenseReportForms', 'ExpenseReportFormFields'].map((name): [string, string] => [
    `v1-1/${name}.swagger2.json`,
    '/api',
  ]),
  ['v1-0/Image.swagger2.json', '/api'],
  ...['Vendors', 'VendorBank', 'VendorGroup'].map((name): [string, string] => [
    `v3-1/${name}.swagger2.json`,
    '/api/v3.1',
  ]),
]

/** Those that the sandbox's own replies are held against elsewhere. */
export const identityFile = ['v4-1/Identity.swagger2.json', '/profile/identity/v4.1'] as const
