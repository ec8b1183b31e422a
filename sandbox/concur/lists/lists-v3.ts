import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import { fieldsOfBody } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { v3Created, v3Page } from '../v3-page.ts'
import { booleanField, numberField, refuseReadOnly, textField, updateReply } from '../write-fields.ts'
import { type List, lists } from './list-data.ts'

/**
 * Lists v3, over the same lists as v4 under other ids; deleted ones are not there. No DELETE.
 * Follows: developer.concur.com, Lists v3. Verified: 2026-08
 */
const path = '/api/v3.0/common/lists'

const codeFirst = '(CODE) TEXT'
const textFirst = 'TEXT (CODE)'

/** Another list's v3 id, or what callers put in its place where the switch `ids` is lenient. */
export const v3ListId = (id: string): string => (/^[0-9a-f-]{36}$/.test(id) ? protectedId('list', id) : id)

const rowOf = (list: List, baseUrl: string) => ({
  ID: v3ListId(list.id),
  Name: list.name,
  IsVendorList: list.category === 'Vendor',
  DisplayCodeFirst: list.displayFormat === codeFirst,
  SearchCriteriaCode: list.searchCriteria,
  ExternalThreshold: list.externalThreshold,
  ConnectorID: null,
  URI: `${baseUrl}${path}/${encodeURIComponent(v3ListId(list.id))}`,
})

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const rows = lists.all(sandbox, companyOf(ask)).filter((row) => !row.deleted)
  return v3Page(ask, rows, (row) => rowOf(row, ask.baseUrl), { root: 'Lists', item: 'List' })
}

const found = (sandbox: Sandbox, ask: Ask): List => {
  const id = openProtected('list', ask.params['id'] ?? '')
  const row = id === undefined ? undefined : lists.find(sandbox, companyOf(ask), id)
  if (row === undefined || row.deleted) throw new Refused(404, 'The list was not found')
  return row
}

const get = (sandbox: Sandbox, ask: Ask): Reply => ({
  status: 200,
  body: rowOf(found(sandbox, ask), ask.baseUrl),
  xml: { root: 'List' },
})

const shape = {
  roots: ['List', 'ListPost', 'ListPut'],
  kinds: { DisplayCodeFirst: 'boolean', IsVendorList: 'boolean', ExternalThreshold: 'number' },
} as const

const readable = new Set(['ID', 'URI', 'IsVendorList', 'ExternalThreshold', 'ConnectorID'])
const onPost = new Set(['IsVendorList', 'ExternalThreshold', 'ConnectorID'])

const readList = (ask: Ask, writable: ReadonlySet<string>) => {
  const body = fieldsOfBody(ask, shape)
  refuseReadOnly(body, readable, writable)
  const name = textField(body, 'Name', 64)
  if (name === null || name?.trim() === '') throw new Refused(400, 'Name is required')
  const search = textField(body, 'SearchCriteriaCode', 10) as List['searchCriteria'] | null | undefined
  if (search !== undefined && search !== null && search !== 'TEXT' && search !== 'CODE') {
    throw new Refused(400, 'SearchCriteriaCode: TEXT or CODE')
  }
  const first = booleanField(body, 'DisplayCodeFirst')
  return {
    ...(name === undefined ? {} : { name }),
    ...(search === undefined || search === null ? {} : { searchCriteria: search }),
    ...(first === undefined ? {} : { displayFormat: first ? codeFirst : textFirst }),
    vendor: booleanField(body, 'IsVendorList') ?? false,
    threshold: numberField(body, 'ExternalThreshold') ?? null,
  }
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const { vendor, threshold, name, ...changes } = readList(ask, onPost)
  if (name === undefined) throw new Refused(400, 'Name is required')
  const made: List = {
    ...{ id: newUuid(), home: companyOf(ask), name, readOnly: false, deleted: false, managedBy: null },
    category: vendor ? 'Vendor' : 'Normal',
    searchCriteria: 'TEXT',
    displayFormat: textFirst,
    ...{ externalThreshold: threshold, ...changes },
  }
  lists.put(sandbox, made)
  return v3Created(ask, protectedId('list', made.id))
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const old = found(sandbox, ask)
  if (old.readOnly) throw new Refused(403, 'The list is read-only')
  const { vendor: _, threshold: __, ...changes } = readList(ask, new Set())
  lists.put(sandbox, { ...old, ...changes })
  return updateReply(sandbox, ask.operation)
}

const shared = {
  family: 'v3',
  access: 'bearer',
  scope: /^LIST$/,
  follows: 'Lists v3',
  deprecated: {
    warning: 'Deprecated API: use List v4, /list/v4/lists, instead',
    sunsetAt: Date.UTC(2023, 3, 16),
  },
} as const

export const listV3Operations: readonly Operation[] = [
  { ...shared, name: 'lists-v3.list', method: 'GET', path, run: list },
  { ...shared, name: 'lists-v3.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...shared, name: 'lists-v3.create', method: 'POST', path, run: create },
  { ...shared, name: 'lists-v3.update', method: 'PUT', path: `${path}/{id}`, run: update },
]
