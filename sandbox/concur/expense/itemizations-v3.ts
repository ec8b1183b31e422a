import { isOpen } from '../codes.ts'
import { expenseTypeByCode } from '../config/config-data.ts'
import { writeDate } from '../dates.ts'
import { childrenPage } from '../entry-children.ts'
import { entrySlots } from '../entry-row.ts'
import { Refused } from '../errors.ts'
import { newExpenseId } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { isTheirs, whoseRow } from '../owner.ts'
import { textParam } from '../params.ts'
import { fieldsOfBody } from '../read-body.ts'
import type { Entry } from '../records.ts'
import type { Reply } from '../reply.ts'
import { fieldsOf } from '../report-row.ts'
import { findEntry, findReport } from '../store.ts'
import { v3Created } from '../v3-page.ts'
import {
  type Body,
  booleanField,
  dateField,
  isStrict,
  numberField,
  refuseReadOnly,
  slotFields,
  slotPlace,
  textField,
  updateReply,
} from '../write-fields.ts'
import {
  entryIdOf,
  type Itemization,
  itemizationsOf,
  newItemizationId,
  postedOf,
  putItemizations,
} from './itemization-data.ts'

/**
 * Itemizations v3. PUT and DELETE are deprecated since 2016 and still answer. Decided here: the parts need
 * not come to the entry's amount, as while one is typing.
 * Follows: developer.concur.com, Expense Itemization v3. Verified: 2026-08
 */
const path = '/api/v3.0/expense/itemizations'

const rowOf = (entry: Entry, part: Itemization, baseUrl: string) => ({
  ID: part.id,
  URI: `${baseUrl}${path}/${encodeURIComponent(part.id)}`,
  EntryID: entry.id,
  ReportID: entry.reportId,
  ReportOwnerID: entry.ownerLogin,
  ExpenseTypeCode: part.typeCode,
  ExpenseTypeName: part.typeName,
  SpendCategoryCode: part.spend[0],
  SpendCategoryName: part.spend[1],
  TransactionDate: writeDate(part.transactionAt),
  TransactionAmount: part.amount,
  PostedAmount: postedOf(entry, part),
  ApprovedAmount: part.personal ? 0 : postedOf(entry, part),
  Description: part.description,
  IsPersonal: part.personal,
  IsBillable: part.billable,
  IsImageRequired: false,
  HasComments: part.hasComment,
  HasExceptions: false,
  AllocationType: 'N',
  LocationID: entry.locationId,
  LocationName: entry.locationName,
  LocationSubdivision: entry.locationSubdivision,
  LocationCountry: entry.locationCountry,
  LastModified: writeDate(part.modifiedAt),
  ...fieldsOf(entrySlots, part.fields),
})

const list = (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const code = textParam(ask.query, 'expenseTypeCode')
  return childrenPage<Itemization>(sandbox, ask, {
    of: (entry) => itemizationsOf(sandbox, entry),
    matches: (part) => code === undefined || part.typeCode === code,
    write: (part, entry) => rowOf(entry, part, ask.baseUrl),
    xml: { root: 'Itemizations', item: 'Itemization' },
  })
}

const found = (sandbox: Sandbox, ask: Ask): { readonly entry: Entry; readonly part: Itemization } => {
  const whose = whoseRow(ask)
  const id = ask.params['id'] ?? ''
  const entryId = entryIdOf(id)
  const entry = entryId === undefined ? undefined : findEntry(sandbox, entryId)
  const part = entry === undefined ? undefined : itemizationsOf(sandbox, entry).find((each) => each.id === id)
  if (entry === undefined || part === undefined || !isTheirs(whose, entry.ownerLogin)) {
    throw new Refused(404, 'The itemization was not found; for another person’s send user=LOGIN')
  }
  return { entry, part }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const { entry, part } = found(sandbox, ask)
  return { status: 200, body: rowOf(entry, part, ask.baseUrl), xml: { root: 'Itemization' } }
}

const shape = {
  roots: ['Itemization', 'ItemizationPost', 'ItemizationPut'],
  kinds: { TransactionAmount: 'number', IsBillable: 'boolean', IsPersonal: 'boolean' },
} as const

const writable = new Set([
  ...['EntryID', 'ExpenseTypeCode', 'TransactionAmount', 'TransactionDate', 'Description', 'Comment'],
  ...['IsBillable', 'IsPersonal', ...entrySlots],
])
const readable = new Set([
  ...['ID', 'URI', 'ReportID', 'ReportOwnerID', 'ExpenseTypeName', 'SpendCategoryCode', 'SpendCategoryName'],
  ...['PostedAmount', 'ApprovedAmount', 'IsImageRequired', 'HasComments', 'HasExceptions', 'AllocationType'],
  ...['LocationID', 'LocationName', 'LocationSubdivision', 'LocationCountry', 'LastModified'],
])

const typePart = (code: string | null | undefined, strict: boolean): Partial<Itemization> => {
  if (code === undefined) return {}
  const type = code === null ? undefined : expenseTypeByCode(code)
  if (code === null || (type === undefined && strict)) {
    throw new Refused(400, `ExpenseTypeCode: '${code ?? ''}' is not an expense type`)
  }
  return { typeCode: code, typeName: type?.name ?? code, spend: type?.spend ?? [null, null] }
}

const readChanges = (sandbox: Sandbox, ask: Ask, body: Body, old: Itemization['fields']) => {
  refuseReadOnly(body, readable, writable)
  const strict = isStrict(sandbox, ask)
  const amount = numberField(body, 'TransactionAmount')
  const at = dateField(body, 'TransactionDate')
  const description = textField(body, 'Description', 64)
  const comment = textField(body, 'Comment', 500)
  const [billable, personal] = [booleanField(body, 'IsBillable'), booleanField(body, 'IsPersonal')]
  return {
    ...typePart(textField(body, 'ExpenseTypeCode', 40), strict),
    ...(amount === undefined || amount === null ? {} : { amount }),
    ...(at === undefined || at === null ? {} : { transactionAt: at }),
    ...(description === undefined ? {} : { description }),
    ...(comment === undefined ? {} : { hasComment: comment !== null && comment !== '' }),
    ...(billable === undefined ? {} : { billable }),
    ...(personal === undefined ? {} : { personal }),
    fields: {
      ...old,
      ...slotFields(body, entrySlots, slotPlace(sandbox, ask, old)),
    },
  }
}

const checkOpen = (sandbox: Sandbox, entry: Entry): void => {
  const report = findReport(sandbox, entry.reportId)
  if (report !== undefined && !isOpen(report.approval)) {
    throw new Refused(400, 'The report is in workflow: its itemizations cannot be changed')
  }
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const whose = whoseRow(ask)
  const body = fieldsOfBody(ask, shape)
  const entry = findEntry(sandbox, textField(body, 'EntryID', 100) ?? '')
  if (entry === undefined || !isTheirs(whose, entry.ownerLogin))
    throw new Refused(400, 'EntryID: no such entry')
  checkOpen(sandbox, entry)
  const changes = readChanges(sandbox, ask, body, {})
  if (changes.typeCode === undefined) throw new Refused(400, 'ExpenseTypeCode is required')
  if (changes.amount === undefined) throw new Refused(400, 'TransactionAmount is required')
  const made: Itemization = {
    ...{ id: newItemizationId(entry), expenseId: newExpenseId(), typeCode: '', typeName: '' },
    ...{ spend: [null, null] as const, amount: 0, transactionAt: entry.transactionAt, description: null },
    ...{ hasComment: false, billable: false, personal: false, modifiedAt: sandbox.clock.now(), ...changes },
  }
  putItemizations(sandbox, entry, [...itemizationsOf(sandbox, entry), made])
  return v3Created(ask, made.id)
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const { entry, part } = found(sandbox, ask)
  checkOpen(sandbox, entry)
  const body = fieldsOfBody(ask, shape)
  if ((body['EntryID'] ?? entry.id) !== entry.id) throw new Refused(400, 'EntryID cannot be changed')
  const modifiedAt = Math.max(sandbox.clock.now(), part.modifiedAt + 1)
  const changed = { ...part, ...readChanges(sandbox, ask, body, part.fields), modifiedAt }
  const all = itemizationsOf(sandbox, entry).map((each) => (each.id === part.id ? changed : each))
  putItemizations(sandbox, entry, all)
  return updateReply(sandbox, ask.operation)
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const { entry, part } = found(sandbox, ask)
  checkOpen(sandbox, entry)
  putItemizations(
    sandbox,
    entry,
    itemizationsOf(sandbox, entry).filter((each) => each.id !== part.id),
  )
  return { status: 200 }
}

const shared = {
  family: 'v3',
  access: 'bearer',
  scope: /^EXPRPT$/,
  follows: 'Expense Itemization v3',
} as const
const old = { warning: 'Deprecated: itemizations are read and created only', sunsetAt: Date.UTC(2017, 0, 1) }

export const itemizationOperations: readonly Operation[] = [
  { ...shared, name: 'itemizations.list', method: 'GET', path, run: list },
  { ...shared, name: 'itemizations.create', method: 'POST', path, run: create },
  { ...shared, name: 'itemizations.get', method: 'GET', path: `${path}/{id}`, run: get },
  {
    ...shared,
    name: 'itemizations.update',
    method: 'PUT',
    path: `${path}/{id}`,
    deprecated: old,
    run: update,
  },
  {
    ...shared,
    name: 'itemizations.delete',
    method: 'DELETE',
    path: `${path}/{id}`,
    deprecated: old,
    run: remove,
  },
]
