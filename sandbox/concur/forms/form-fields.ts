import { Refused } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { type SeedList, seedListId } from '../lists/list-data.ts'
import { slotLists } from '../lists/slot-lists.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { personByLogin } from '../people.ts'
import { protectedId } from '../protected-id.ts'
import type { Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { findReport } from '../store.ts'
import { speaker } from '../v4-person.ts'

/**
 * Forms and their fields: v1.1 in XML, and those of a report's form on v4. Decided here: four kinds of forms
 * with one form each; v4's rows are a bare list with the names of the page's table.
 * Follows: developer.concur.com, Expense Forms v1.1, Expense Form Field v1.1, Reports v4. Verified: 2026-08
 */
const path = '/api/expense/expensereport/v1.1/report/Forms'
const namespace = 'http://www.concursolutions.com/api/expense/expensereport/2011/03'

const forms: readonly (readonly [code: string, kind: string, name: string])[] = [
  ['RPTINFO', 'Report Header', 'Default Report Form'],
  ['ENTRYINFO', 'Expense Entry', 'Default Entry Form'],
  ['ALLOCINFO', 'Allocation', 'Default Allocation Form'],
  ['ATNINFO', 'Attendee', 'Default Attendee Form'],
]
const formId = (code: string): string => protectedId('form', uuidOf(`form:${code}`))

interface Field {
  readonly id: string
  readonly label: string
  readonly type: 'VARCHAR' | 'TIMESTAMP' | 'MONEY' | 'LIST' | 'MLIST'
  readonly length: number
  readonly required?: boolean
  readonly readOnly?: boolean
  readonly list?: SeedList
}

const labels: Readonly<Record<string, string>> = {
  ...{ OrgUnit1: 'Department', OrgUnit2: 'Team', Custom1: 'Project', Custom4: 'Cost centre' },
  Custom2: 'Order number',
}
const slotField = (id: string): Field => {
  const slot = slotLists[id]
  const label = labels[id] ?? id
  if (slot === undefined) return { id, label, type: 'VARCHAR', length: 48 }
  return { id, label, type: slot.type === 'List' ? 'LIST' : 'MLIST', length: 48, list: slot.list }
}

const fieldsOf = (code: string): readonly Field[] => {
  if (code === 'RPTINFO') {
    return [
      { id: 'Name', label: 'Report Name', type: 'VARCHAR', length: 40, required: true },
      { id: 'Purpose', label: 'Business Purpose', type: 'VARCHAR', length: 64 },
      { id: 'UserDefinedDate', label: 'Report Date', type: 'TIMESTAMP', length: 0 },
      { id: 'ReportId', label: 'Report Id', type: 'VARCHAR', length: 32, readOnly: true },
      ...['OrgUnit1', 'OrgUnit2', 'Custom1', 'Custom2', 'Custom4'].map(slotField),
    ]
  }
  if (code === 'ENTRYINFO') {
    return [
      { id: 'TransactionDate', label: 'Transaction Date', type: 'TIMESTAMP', length: 0, required: true },
      { id: 'TransactionAmount', label: 'Amount', type: 'MONEY', length: 23, required: true },
      { id: 'VendorDescription', label: 'Vendor', type: 'VARCHAR', length: 64 },
      ...['OrgUnit1', 'OrgUnit2', 'Custom1', 'Custom4'].map(slotField),
    ]
  }
  if (code === 'ALLOCINFO') return [slotField('Custom1')]
  return [
    { id: 'LastName', label: 'Last Name', type: 'VARCHAR', length: 132, required: true },
    { id: 'FirstName', label: 'First Name', type: 'VARCHAR', length: 50 },
    { id: 'Company', label: 'Company', type: 'VARCHAR', length: 150 },
  ]
}

const controlOf = ({ type, readOnly }: Field): string => {
  if (readOnly === true) return 'static'
  if (type === 'LIST' || type === 'MLIST') return 'list_edit'
  return type === 'TIMESTAMP' ? 'date_edit' : 'edit'
}
const isCustom = ({ id }: Field): boolean => /^(?:Custom|OrgUnit)\d/.test(id)

const v1Row = (field: Field, at: number) => ({
  Id: field.id,
  Label: field.label,
  ControlType: controlOf(field),
  DataType: field.type,
  MaxLength: field.length,
  Required: field.required === true ? 'Y' : 'N',
  Cols: field.length,
  Access: field.readOnly === true ? 'RO' : 'RW',
  Width: field.length,
  Custom: isCustom(field) ? 'Y' : 'N',
  Sequence: at + 1,
})

const list = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const FormType = forms.map(([code, kind]) => ({ Name: kind, FormCode: code }))
  return { status: 200, body: { FormType }, xml: { root: 'FormTypesList', flat: true, namespace } }
}

const listOfKind = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const FormData = forms
    .filter(([code]) => code === ask.params['formCode'])
    .map(([code, , name]) => ({ Name: name, FormId: formId(code) }))
  if (FormData.length === 0) throw new Refused(404, 'There is no such kind of form')
  return { status: 200, body: { FormData }, xml: { root: 'FormDataList', flat: true, namespace } }
}

const fields = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const form = forms.find(([code]) => formId(code) === ask.params['formId'])
  if (form === undefined) throw new Refused(404, 'There is no such form')
  const FormField = fieldsOf(form[0]).map(v1Row)
  return { status: 200, body: { FormField }, xml: { root: 'FormFieldsList', flat: true, namespace } }
}

const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** The page takes both kinds of tokens here: a person's reaches the own reports and those to approve. */
const reachable = (sandbox: Sandbox, ask: Ask): Report => {
  const own = speaker(ask)
  const report = findReport(sandbox, ask.params['reportId'] ?? '')
  const theirs = own === null || own.admin || [report?.ownerLogin, report?.approverLogin].includes(own.login)
  if (report === undefined || personByLogin(report.ownerLogin)?.home !== ask.dataCentre || !theirs) {
    throw new Refused(404, 'The report was not found')
  }
  return report
}

const ofReport = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reachable(sandbox, ask)
  const body = fieldsOf('RPTINFO').map((field, at) => ({
    ...{ id: camel(field.id), label: field.label, controlType: controlOf(field), dataType: field.type },
    fieldAccess: field.readOnly === true ? 'RO' : 'RW',
    ...{ isRequired: field.required ?? false, isCustom: isCustom(field), sequence: at + 1 },
    listId: field.list === undefined ? null : seedListId(ask.dataCentre, field.list),
    maximumLength: field.length,
    value: report.fields[field.id]?.Value ?? null,
  }))
  return { status: 200, body }
}

const v1 = { family: 'v1', access: 'bearer', method: 'GET', scope: /^EXPRPT$/ } as const

export const formOperations: readonly Operation[] = [
  { ...v1, name: 'forms.list', follows: 'Expense Forms v1.1', path: `${path}/`, run: list },
  {
    ...v1,
    name: 'forms.of-kind',
    follows: 'Expense Forms v1.1',
    path: `${path}/{formCode}`,
    run: listOfKind,
  },
  {
    ...{ ...v1, name: 'form-fields.list', follows: 'Expense Form Field v1.1' },
    ...{ path: `${path}/{formId}/Fields`, run: fields },
  },
  {
    ...{
      name: 'form-fields.of-report',
      follows: 'Reports v4',
      method: 'GET',
      family: 'v4',
      access: 'bearer',
    },
    ...{ path: '/expensereports/v4/reports/{reportId}/formFields', run: ofReport },
    scope: /^(?:expense\.report\.(?:read|readwrite)|EXPRPT)$/,
  },
]
