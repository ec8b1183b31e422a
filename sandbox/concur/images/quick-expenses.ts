import { expenseTypeByCode } from '../config/config-data.ts'
import { readDate } from '../dates.ts'
import { Refused } from '../errors.ts'
import { contextOf } from '../expense/report-in-path.ts'
import { newExpenseId } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import type { Person } from '../people.ts'
import { jsonObject } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { createTable, type Kept } from '../table.ts'
import { personInPath } from '../v4-person.ts'
import { type Body, isStrict, numberField, textField } from '../write-fields.ts'
import { addImage } from './image-data.ts'
import { checkImage, jsonPart, readForm } from './upload.ts'

/**
 * Quick expenses v4: create only, with or without an image of at most 50 MB; 120 calls in 5 minutes for each
 * user. Nothing reads them back, as with the vendor.
 * Follows: developer.concur.com, Quick Expense v4. Verified: 2026-08
 */
const path = '/quickexpense/v4/users/{userId}/context/{contextType}/quickexpenses'
const mostBytes = 50 * 1024 * 1024
const mostCalls = 120
const windowMs = 5 * 60_000

interface QuickExpense extends Kept {
  readonly ownerLogin: string
  readonly typeCode: string | null
  readonly amount: number
  readonly currency: string
  readonly transactionDate: string
  readonly imageId: string | null
}
const quickExpenses = createTable<QuickExpense>('quick-expenses')

const paymentCodes = ['CASHX', 'CPAID', 'PENDC']

const objectIn = (body: Body, name: string): Body => {
  const value = body[name]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, `${name} is required`)
  }
  return value as Body
}

const readAmount = (body: Body): { readonly amount: number; readonly currency: string } => {
  const money = objectIn(body, 'transactionAmount')
  const amount = numberField(money, 'value')
  const currency = textField(money, 'currencyCode', 3)
  if (amount === undefined || amount === null) throw new Refused(400, 'transactionAmount.value is required')
  if (!/^[A-Z]{3}$/.test(currency ?? '')) throw new Refused(400, 'transactionAmount.currencyCode is required')
  return { amount, currency: currency ?? '' }
}

const read = (sandbox: Sandbox, ask: Ask, body: Body) => {
  const date = textField(body, 'transactionDate', 10) ?? ''
  if (readDate(date) === undefined) throw new Refused(400, 'transactionDate is required, as yyyy-MM-dd')
  const typeCode = textField(body, 'expenseTypeId', 5) ?? null
  if (typeCode === null) throw new Refused(400, 'expenseTypeId is required')
  if (expenseTypeByCode(typeCode) === undefined && isStrict(sandbox, ask)) {
    throw new Refused(400, `expenseTypeId: '${typeCode}' is not an expense type`)
  }
  const payment = textField(body, 'paymentTypeId', 10)
  if (payment !== undefined && payment !== null && !paymentCodes.includes(payment)) {
    throw new Refused(400, `paymentTypeId: one of ${paymentCodes.join(', ')}`)
  }
  for (const [name, length] of [
    ['comment', 2000],
    ['vendor', 255],
    ['entryDetails', 2000],
  ] as const) {
    textField(body, name, length)
  }
  if (body['location'] !== undefined && body['location'] !== null) objectIn(body, 'location')
  return { ...readAmount(body), transactionDate: date, typeCode }
}

const caller = (sandbox: Sandbox, ask: Ask): Person => {
  const person = personInPath(ask)
  contextOf(ask, ['TRAVELER'])
  if (!sandbox.limits.take(`quick-expense:${person.id}`, mostCalls, windowMs, sandbox.clock.now())) {
    throw new Refused(429, 'Too many requests')
  }
  return person
}

const keep = (sandbox: Sandbox, ask: Ask, owner: Person, body: Body, imageId: string | null): Reply => {
  const about = { home: owner.home, ownerLogin: owner.login, imageId }
  const made = { id: newExpenseId(), ...about, ...read(sandbox, ask, body) }
  quickExpenses.put(sandbox, made)
  const base = ask.path.replace(/\/image$/, '')
  return { status: 201, body: { quickExpenseIdUri: `${ask.baseUrl}${base}/${made.id}` } }
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const owner = caller(sandbox, ask)
  return keep(sandbox, ask, owner, jsonObject(ask.headers['content-type'], ask.body), null)
}

const createWithImage = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const owner = caller(sandbox, ask)
  const form = await readForm(sandbox, ask)
  if (form === undefined) throw new Refused(415, 'Content-Type must be multipart/form-data')
  const [file, about] = [form.get('fileContent'), form.get('quickExpenseRequest')]
  if (file === undefined) throw new Refused(400, 'fileContent is required')
  if (about === undefined) throw new Refused(400, 'quickExpenseRequest is required')
  const body = await jsonPart(sandbox, about)
  read(sandbox, ask, body)
  const image = addImage(sandbox, ask, owner, await checkImage(sandbox, file))
  return keep(sandbox, ask, owner, body, image.id)
}

const shared = {
  family: 'v4',
  access: 'bearer',
  method: 'POST',
  scope: /^(?:quickexpense\.writeonly|EXPRPT)$/,
  follows: 'Quick Expense v4',
} as const

export const quickExpenseOperations: readonly Operation[] = [
  { ...shared, name: 'quick-expenses.create', path, run: create },
  {
    ...{ ...shared, name: 'quick-expenses.create-with-image', path: `${path}/image` },
    ...{ uploadBytes: mostBytes, run: createWithImage },
  },
]
