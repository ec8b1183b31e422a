import type { Field, Members } from '#src/element/index.ts'
import { object, required, text } from './fields.ts'

/**
 * Fields of payment requests v3. All amounts, numbers and booleans are text there. What is read and what is written
 * have partly different names (spec/concur.md 8.6): a row shows those that are read.
 */

type Words = Readonly<Record<string, string>>

const made = (words: Words, of: (description: string, name: string) => Field): Record<string, Field> =>
  Object.fromEntries(Object.entries(words).map(([name, description]) => [name, of(description, name)]))

const amount = 'a decimal number as text, in the currency of the request'

const written: Words = {
  Description: 'What the invoice is for.',
  InvoiceNumber: "The vendor's number of the invoice.",
  InvoiceDate: 'Date of the invoice, such as 2021-03-04 00:00:00.0.',
  InvoiceReceivedDate: 'When the invoice came in.',
  AmountWithoutVat: `Amount without tax, ${amount}.`,
  ShippingAmount: `Shipping, ${amount}.`,
  TaxAmount: `Tax, ${amount}.`,
  ...Object.fromEntries(
    ['One', 'Two', 'Three', 'Four'].flatMap((each, at) => [
      [`VatAmount${each}`, `Value-added tax ${at + 1}, ${amount}.`],
      [`VatRate${each}`, `Rate of value-added tax ${at + 1}, percent as text.`],
    ]),
  ),
  CurrencyCode: 'Currency, ISO 4217.',
  BuyerCostCenter: 'Cost centre of the buyer.',
  CheckNumber: 'Number of the cheque.',
  DeliverySlipNumber: 'Number of the delivery slip.',
  DiscountPercentage: 'Discount, percent as text.',
  DiscountTerms: 'Days within which the discount is given.',
  IsInvoiceConfirmed: 'Whether the invoice was confirmed, true or false as text.',
  NotesToVendor: 'Notes to the vendor.',
  OB10BuyerId: 'Id of the buyer at Tungsten (OB10).',
  OB10TransactionId: 'Id of the transaction at Tungsten (OB10).',
  PaymentAdjustmentNotes: 'Notes on an adjustment of the payment.',
  PaymentDueDate: 'When it is to be paid.',
  PaymentTermsDays: 'Days until it is to be paid, a number as text.',
  ProvincialTaxId: 'Tax number of the province.',
  ReceiptConfirmationType: 'How the receipt of the goods is confirmed.',
  VendorTaxId: 'Tax number of the vendor.',
}

const onCreateOnly: Words = {
  LedgerCode: 'Code of the ledger.',
  ExternalPolicyId: 'Id of the policy, as the company set it.',
  DataSource: 'Where the request comes from.',
}

const writtenOnly: Words = {
  EmployeeLoginId: 'Login of the person who the request belongs to.',
  EmployeeId: 'Number of that person in the company.',
  EmployeeEmailAddress: 'E-mail address of that person.',
  PurchaseOrderId: 'Id of the purchase order that it is for.',
  PaymentAmount: `Amount to be paid, ${amount}.`,
  IsEmergencyCheckRun: 'Y or N: whether a cheque is to be made at once.',
  CompanyBillToAddressCode: 'Code of the address that the invoice goes to.',
  CompanyShipToAddressCode: 'Code of the address that the goods go to.',
  VendorShipFromAddressCode: "Code of the vendor's address that the goods come from.",
}

const onChangeOnly: Words = {
  DoCopyDown: 'On a change of the person: whether values of the new one are taken over.',
  DoCopyDownFromPO: 'On a change: whether values of the purchase order are taken over.',
}

const readOnly: Words = {
  ID: 'Id of the payment request.',
  URI: 'Address of the payment request at SAP Concur.',
  ApprovalStatus: 'State of the approval, such as R_NOTF.',
  PaymentStatus: 'State of the payment, such as R_NOTP.',
  PaymentMethod: 'How it is paid.',
  PurchaseOrderNumber: 'Number of the purchase order that it is for.',
  EmployeeName: 'Name of the person who the request belongs to.',
  CreatedByUsername: 'Login of who created it.',
  AssignedByUsername: 'Login of who assigned it.',
  AssignedDate: 'When it was assigned.',
  ApprovedByDelegate: 'Who approved it for somebody else.',
  SubmittedByDelegate: 'Who submitted it for somebody else.',
  CalculatedAmount: `Amount of all lines, ${amount}.`,
  LineItemTotalAmount: `Amount of the lines, ${amount}.`,
  LineItemVatAmount: `Value-added tax of the lines, ${amount}.`,
  TotalApprovedAmount: `Approved amount, ${amount}.`,
  PaidAmount: `Amount that was paid, ${amount}.`,
  PaidDate: 'When it was paid.',
  ExtractDate: 'When it was extracted for payment.',
  UserCreationDate: 'When it was created.',
  FirstSubmitDate: 'When it was submitted first.',
  LastSubmitDate: 'When it was submitted last.',
  FirstApprovalDate: 'When it was approved first.',
  WorkflowCompleteDate: 'When its workflow ended.',
  DeletedDate: 'When it was deleted.',
  PaymentRequestDeletedBy: 'Who deleted it.',
  IsAssigned: 'Whether it is assigned, true or false as text.',
  IsPaymentRequestDeleted: 'Whether it was deleted, true or false as text.',
  IsPaymentRequestDuplicate: 'Whether there is another like it, true or false as text.',
  IsTestTransaction: 'Whether it is a test, true or false as text.',
  PaymentRequestCreatedByTestUser: 'Whether a test user created it, true or false as text.',
  TaxCode: 'Code of the tax.',
  TaxCode2: 'Code of the second tax.',
  TaxCode3: 'Code of the third tax.',
  TaxCode4: 'Code of the fourth tax.',
}

const twoDigits = (at: number): string => String(at).padStart(2, '0')

const both = (count: number): Members =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`Custom${at + 1}`, `Custom${twoDigits(at + 1)}`])
      .flat()
      .map((name) => [name, 'write']),
  )

const writable = (...names: readonly string[]): Members =>
  Object.fromEntries(names.map((name) => [name, 'write']))

const allocation: Members = { ...both(20), Percentage: 'write' }

/** Either as it is read, with what a change has besides. */
const line: Members = {
  ...both(20),
  ...writable('Action', 'LineItemID', 'LineItemId', 'Description', 'ExpenseTypeCode', 'ItemCode'),
  ...writable('SupplierPartId', 'PurchaseOrderNumber', 'Quantity', 'UnitOfMeasure', 'UnitPrice'),
  ...writable('AmountWithoutVat', 'ShipFromPostalCode', 'ShipToPostalCode', 'Tax'),
  ...Object.fromEntries(
    ['', 'Two', 'Three', 'Four'].flatMap((each, at) =>
      [`VatAmount${each}`, `VatRate${each}`, `TaxCode${at === 0 ? '' : at + 1}`].map((name) => [
        name,
        'write',
      ]),
    ),
  ),
  TotalPrice: 'once',
  Allocations: { ...allocation, Allocation: allocation },
}

/** Read as `Custom1`, written as `Custom01`; callers may write either. */
const customs = (): Record<string, Field> =>
  Object.fromEntries(
    Array.from({ length: 24 }, (_, at) => at + 1).flatMap((at): [string, Field][] => {
      const field: Field = {
        ...text('write', `Custom field ${at} of the company, at most 48 characters.`),
        to: [`Custom${twoDigits(at)}`],
      }
      return at > 9
        ? [[`Custom${at}`, field]]
        : [
            [`Custom${at}`, field],
            [`Custom${twoDigits(at)}`, text('write-only', `The same as Custom${at}.`)],
          ]
    }),
  )

export const paymentFields: Readonly<Record<string, Field>> = {
  ...made(readOnly, (words) => text('read', words)),
  Name: required(text('write', 'Name of the payment request.')),
  CountryCode: required(text('write', 'Country, ISO 3166-1 alpha-2.')),
  InvoiceAmount: required(text('write', `Amount of the invoice, ${amount}.`)),
  VendorRemitToIdentifier: required({
    ...object(
      'write-only',
      'The vendor: {VendorCode, AddressCode}, or {Name, Address1, PostalCode}; other members are left out. A row shows it as VendorRemitAddress.',
    ),
    members: writable('VendorCode', 'AddressCode', 'Name', 'Address1', 'PostalCode'),
  }),
  VendorRemitAddress: object(
    'read',
    'Address of the vendor: {Name, Address1, Address2, Address3, City, State, PostalCode, CountryCode, DiscountTerms}.',
  ),
  VendorShipFromAddress: object('read', "The vendor's address that the goods come from."),
  CompanyBillToAddress: object('read', 'Address that the invoice goes to.'),
  CompanyShipToAddress: object('read', 'Address that the goods go to.'),
  LineItems: {
    ...object(
      'write',
      'Lines of the invoice: {LineItem: [...]} when read, an array or the same when written; each with Allocations, and on a change with LineItemID and Action (INSERT, UPDATE, DELETE).',
    ),
    members: { ...line, LineItem: line },
  },
  ...made(written, (words) => text('write', words)),
  ...made(onCreateOnly, (words) => text('once', words)),
  ...made(writtenOnly, (words) => text('write-only', words)),
  ...made(onChangeOnly, (words) => text('change-only', words)),
  ...customs(),
  ...Object.fromEntries(
    Array.from({ length: 6 }, (_, at) => [
      `OrgUnit0${at + 1}`,
      text('write', `Organization unit ${at + 1} of the company.`),
    ]),
  ),
}
