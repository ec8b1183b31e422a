import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { jsonObject } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { type Body, booleanField, textField } from '../write-fields.ts'
import { categoryById, categoryId, type List, lists } from './list-data.ts'
import { type Fields, readListQuery } from './list-filter.ts'
import { checkWritable, findList, itemsIn } from './list-items.ts'
import { listPage } from './list-page.ts'

/** Lists v4. Follows: developer.concur.com, Lists v4. Verified: 2026-08 */
const path = '/list/v4/lists'

const levelsOf = (sandbox: Sandbox, list: List): number =>
  itemsIn(sandbox, list.home, list.id).reduce(
    (most, item) => Math.max(most, item.deleted ? 1 : item.level),
    1,
  )

const rowOf = (sandbox: Sandbox, list: List) => ({
  id: list.id,
  value: list.name,
  levelCount: levelsOf(sandbox, list),
  searchCriteria: list.searchCriteria,
  displayFormat: list.displayFormat,
  category: { id: categoryId(list.category), type: list.category },
  isReadOnly: list.readOnly,
  isDeleted: list.deleted,
  managedBy: list.managedBy,
  ...(list.externalThreshold === null ? {} : { externalThreshold: list.externalThreshold }),
})

const fieldsOf = (sandbox: Sandbox): Fields<List> => ({
  value: (list) => list.name,
  levelCount: (list) => levelsOf(sandbox, list),
  isDeleted: (list) => list.deleted,
  'category.type': (list) => list.category,
})

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const rows = readListQuery(ask.query, fieldsOf(sandbox))(lists.all(sandbox, companyOf(ask)))
  return listPage(ask, rows, (row) => rowOf(sandbox, row))
}

const listOfCategory = (sandbox: Sandbox, ask: Ask): Reply => {
  const category = categoryById((ask.params['categoryId'] ?? '').toLowerCase())
  if (category === undefined) throw new Refused(404, 'The category was not found')
  const all = lists.all(sandbox, companyOf(ask))
  const rows = all.filter((row) => row.category === category && !row.deleted)
  return listPage(ask, rows, (row) => rowOf(sandbox, row))
}

const found = (sandbox: Sandbox, ask: Ask): List =>
  findList(sandbox, companyOf(ask), ask.params['listId'] ?? '')

const oneOf = <Text extends string>(
  body: Body,
  name: string,
  allowed: readonly [Text, ...Text[]],
): Text | undefined => {
  const text = textField(body, name, 40)
  const choice = allowed.find((value) => value === text)
  if (text !== undefined && text !== null && choice === undefined) {
    throw new Refused(400, `${name}: one of ${allowed.join(', ')}`)
  }
  return choice
}

const readList = (ask: Ask) => {
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const name = textField(body, 'value', 64)
  if (typeof name !== 'string' || name.trim() === '') throw new Refused(400, 'value is required')
  const managed = booleanField(body, 'isManaged')
  const searchCriteria = oneOf(body, 'searchCriteria', ['TEXT', 'CODE'])
  const displayFormat = oneOf(body, 'displayFormat', ['(CODE) TEXT', 'TEXT (CODE)'])
  const category = textField(body, 'categoryId', 40)
  return {
    category,
    changes: {
      name,
      ...(searchCriteria === undefined ? {} : { searchCriteria }),
      ...(displayFormat === undefined ? {} : { displayFormat }),
      ...(managed === undefined ? {} : { managedBy: managed ? `appId:${ask.client}` : null }),
    },
  }
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const home = companyOf(ask)
  const { category: id, changes } = readList(ask)
  const category = id === undefined || id === null ? 'Normal' : categoryById(id.toLowerCase())
  if (category === undefined || category === 'Configuration') {
    throw new Refused(400, 'categoryId: take it from a list of that kind')
  }
  const made: List = {
    ...{ id: newUuid(), home, category, searchCriteria: 'TEXT', displayFormat: '(CODE) TEXT' },
    ...{ readOnly: false, deleted: false, managedBy: null, externalThreshold: null, ...changes },
  }
  lists.put(sandbox, made)
  return {
    status: 201,
    headers: { location: `${ask.baseUrl}${path}/${made.id}` },
    body: rowOf(sandbox, made),
  }
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const old = found(sandbox, ask)
  checkWritable(ask, old)
  const { category, changes } = readList(ask)
  if (category !== undefined) throw new Refused(400, 'categoryId cannot be changed')
  const changed = { ...old, ...changes }
  lists.put(sandbox, changed)
  return { status: 200, body: rowOf(sandbox, changed) }
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const old = found(sandbox, ask)
  checkWritable(ask, old)
  lists.put(sandbox, { ...old, deleted: true })
  return { status: 204 }
}

const shared = { family: 'list', access: 'bearer', follows: 'Lists v4' } as const
const read = { ...shared, method: 'GET', scope: /^(?:spend\.list\.read|LIST)$/ } as const
const write = { ...shared, scope: /^(?:spend\.list\.write|LIST)$/ } as const

export const listOperations: readonly Operation[] = [
  { ...read, name: 'lists.list', path, run: list },
  { ...read, name: 'lists.category', path: '/list/v4/categories/{categoryId}/lists', run: listOfCategory },
  {
    ...{ ...read, name: 'lists.get', path: `${path}/{listId}` },
    run: (sandbox, ask) => ({ status: 200, body: rowOf(sandbox, found(sandbox, ask)) }),
  },
  { ...write, name: 'lists.create', method: 'POST', path, run: create },
  { ...write, name: 'lists.update', method: 'PUT', path: `${path}/{listId}`, run: update },
  {
    ...{ ...shared, name: 'lists.delete', method: 'DELETE', path: `${path}/{listId}` },
    ...{ scope: /^(?:spend\.list\.delete|LIST)$/, run: remove },
  },
]
