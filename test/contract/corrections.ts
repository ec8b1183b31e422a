/**
 * Where the published files are known to be wrong or behind the pages. Each is laid over the file before anything is
 * checked, so that the rest of the operation still is.
 */
export interface Correction {
  readonly file: string
  /** The way to the place in the document; `-` adds to a list. */
  readonly at: readonly string[]
  readonly value: unknown
  readonly reason: string
}

/** v3 declares one object where the service takes a list of them. */
const isList = (file: string, schema: string, property: string, of: string): Correction => ({
  file,
  at: ['definitions', schema, 'properties', property],
  value: { type: 'array', items: { $ref: `#/definitions/${of}` } },
  reason: 'declared as one object, is a list (spec/concur.md 8.6, 8.7)',
})

const parameter = (file: string, path: string, name: string, reason: string): Correction => ({
  file,
  at: ['paths', path, 'get', 'parameters', '-'],
  value: { name, in: 'query', type: 'string' },
  reason,
})

const payments = 'v3-0/PaymentRequest.swagger2.json'
const digests = 'v3-0/PaymentRequestDigest.swagger2.json'
const images = 'v3-0/ReceiptImages.swagger2.json'
const vendors = 'v3-1/Vendors.swagger2.json'
const reports = 'v4-0/Reports.swagger.json'

export const corrections: readonly Correction[] = [
  {
    file: 'v4-1/Identity.swagger2.json',
    at: ['components', 'schemas', 'SearchRequest', 'properties', 'schemas'],
    value: { type: 'array', items: { type: 'string' } },
    reason: "in the page's own sample of a search, missing in the schema",
  },
  {
    file: 'v4-0/List.swagger2.json',
    at: ['paths', '/list/v4/lists', 'get', 'parameters', '2', 'type'],
    value: 'string',
    reason: 'isDeleted is declared a boolean, and described as a filter with an operator, as the page has it',
  },
  isList(payments, 'PaymentRequestPost', 'LineItems', 'PaymentRequestLineItemPost'),
  isList(payments, 'PaymentRequestPut', 'LineItems', 'PaymentRequestLineItemPut'),
  isList(payments, 'PaymentRequestLineItemPost', 'Allocations', 'PaymentRequestAllocationPostPut'),
  isList(payments, 'PaymentRequestLineItemPut', 'Allocations', 'PaymentRequestAllocationPostPut'),
  ...[
    'payMethodType',
    ...['lastModifiedDate', 'extractedDate'].flatMap((stem) => [`${stem}Before`, `${stem}After`]),
  ].map((name) =>
    parameter(
      digests,
      '/invoice/paymentrequestdigests',
      name,
      'in the page (spec/concur.md 3.6), missing in the file',
    ),
  ),
  ...[
    ['/expense/receiptimages', 'post', '1'],
    ['/expense/receiptimages/{id}', 'put', '2'],
  ].flatMap(([path = '', method = '', at = '']): Correction[] => [
    {
      file: images,
      at: ['paths', path, method, 'parameters', at, 'schema'],
      value: { type: 'string', format: 'binary' },
      reason: 'the file itself is the body (spec/concur.md 3.4), declared as an object',
    },
    {
      file: images,
      at: ['paths', path, method, 'consumes'],
      value: ['application/pdf', 'image/jpg', 'image/jpeg', 'image/png'],
      reason: 'the file itself is the body (spec/concur.md 3.4), declared as JSON or XML',
    },
  ]),
  ...[
    ['', '3'],
    ['/image', '4'],
  ].map(
    ([rest = '', at = '']): Correction => ({
      file: 'v4-0/QuickExpenses.swagger.json',
      at: [
        ...['paths', `/quickexpense/v4/users/{userID}/context/{contextType}/quickexpenses${rest}`],
        ...['post', 'parameters', at, 'name'],
      ],
      value: 'userID',
      reason: 'the path writes {userID}, its parameter userId',
    }),
  ),
  isList(vendors, 'VendorCollection', 'Vendor', 'Vendor'),
  {
    file: vendors,
    at: ['definitions', 'Vendor', 'required'],
    value: ['AddressCode', 'VendorCode'],
    reason: 'names a CurrenyCode that no vendor has; CountryCode is needed by a create alone',
  },
  isList('v3-1/VendorBank.swagger2.json', 'VendorBankCollection', 'VendorBank', 'VendorBank'),
  isList('v3-1/VendorGroup.swagger2.json', 'VendorGroupCollection', 'VendorGroup', 'VendorGroup'),
  ...['ApproveReport', 'ApproveReportAsSystem'].flatMap((schema) =>
    Object.entries({ expectedStepCode: 'string', expectedStepSequence: 'integer' }).map(
      ([name, type]): Correction => ({
        file: reports,
        at: ['components', 'schemas', schema, 'properties', name],
        value: { type },
        reason: 'in the page of Workflows v4 (spec/concur.md 3.1), missing in the file',
      }),
    ),
  ),
]
