import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { jsonObject } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { type Body, booleanField, textField } from '../write-fields.ts'
import { addItem } from './items-v4.ts'
import { type Item, items } from './list-data.ts'
import { checkWritable, findByLongCode, findList, itemsIn, longCode, removeItem } from './list-items.ts'

/**
 * Many items at once: 1 to 250 parts; 206 when any of them failed, also when all did (decided
 * here: only a request that cannot be read is 400).
 * Follows: developer.concur.com, List Item Bulk v4. Verified: 2026-08
 */
const mostParts = 250

const partsOf = (ask: Ask): readonly Body[] => {
  const parts = jsonObject(ask.headers['content-type'], ask.body)['requests']
  if (!Array.isArray(parts) || parts.length < 1 || parts.length > mostParts) {
    throw new Refused(400, `requests: size must be between 1 and ${String(mostParts)}`)
  }
  if (!parts.every((part) => typeof part === 'object' && part !== null && !Array.isArray(part))) {
    throw new Refused(400, 'requests: each is an object')
  }
  return parts as Body[]
}

const run = (parts: readonly Body[], whole: number, act: (part: Body) => void): Reply => {
  const errors: unknown[] = []
  for (const part of parts) {
    try {
      act(part)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      errors.push({ id: error.code ?? 'request.validation.error', message: error.message, listItem: part })
    }
  }
  const recordsSucceeded = parts.length - errors.length
  const state = errors.length === 0 ? 'SUCCESS' : 'PARTIAL_SUCCESS'
  return {
    status: errors.length === 0 ? whole : 206,
    body: {
      status: recordsSucceeded === 0 ? 'FAILURE' : state,
      recordsSucceeded,
      recordsFailed: errors.length,
      errors,
    },
  }
}

const listOf = (sandbox: Sandbox, ask: Ask) => {
  const list = findList(sandbox, companyOf(ask), ask.params['listId'] ?? '')
  checkWritable(ask, list)
  return list
}

const createMany = (sandbox: Sandbox, ask: Ask): Reply => {
  const list = listOf(sandbox, ask)
  return run(partsOf(ask), 201, (part) => {
    addItem(sandbox, ask, list.id, part)
  })
}

const missing = (gone: Item | undefined): Refused =>
  gone === undefined
    ? new Refused(400, 'The list item was not found', 'item.not.found')
    : new Refused(400, 'The list item has been deleted', 'item.deleted')

const changeMany = (sandbox: Sandbox, ask: Ask): Reply => {
  const list = listOf(sandbox, ask)
  return run(partsOf(ask), 200, (part) => {
    const code = textField(part, 'code', 400) ?? ''
    const item = findByLongCode(sandbox, list.home, list.id, code)
    if (item === undefined) {
      const all = itemsIn(sandbox, list.home, list.id)
      throw missing(all.find((other) => longCode(sandbox, other) === code))
    }
    if (booleanField(part, 'deleted') === true) {
      removeItem(sandbox, item, list.id)
      return
    }
    const value = textField(part, 'value', 64)
    if (typeof value !== 'string' || value === '') throw new Refused(400, 'value is required')
    items.put(sandbox, { ...item, value })
  })
}

const shared = {
  family: 'list',
  access: 'bearer',
  follows: 'List Item Bulk v4',
  path: '/list/v4/lists/{listId}/bulk',
  scope: /^(?:spend\.listitem\.write|LIST)$/,
} as const

export const bulkOperations: readonly Operation[] = [
  { ...shared, name: 'items.bulk-create', method: 'POST', run: createMany },
  { ...shared, name: 'items.bulk-change', method: 'PATCH', run: changeMany },
]
