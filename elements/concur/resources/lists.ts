import {
  badInput,
  isRecord,
  type JsonObject,
  type Resource,
  type VendorPort,
  vendorFailed,
} from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'
import { boolean, number, object, required, text } from './fields.ts'
import { equals } from './filters.ts'

const path = '/list/v4/lists'
const read = ['spend.list.read', 'LIST'] as const
const write = ['spend.list.write', 'LIST'] as const

/** The id of the category of vendor lists, which only a vendor list tells. */
const vendorCategory = async (port: VendorPort): Promise<string> => {
  const query = { 'category.type': 'eq:Vendor', isDeleted: 'eq:false' }
  const { body } = await port.ask({ method: 'GET', path, query, scopes: read })
  const [first] = rowsIn(body, 'content')
  const id = isRecord(first?.category) ? textOf(first.category, 'id') : undefined
  if (id !== undefined) return id
  throw badInput(
    'IsVendorList: List v4 tells the category of vendor lists by a vendor list only, and there is none.',
  )
}

const create = async (port: VendorPort, { isVendor, ...body }: JsonObject): Promise<string> => {
  const category = isVendor === 'Vendor' ? { categoryId: await vendorCategory(port) } : {}
  const made = await port.ask({ method: 'POST', path, body: { ...body, ...category }, scopes: write })
  const id = isRecord(made.body) ? textOf(made.body, 'id') : undefined
  if (id !== undefined) return id
  throw vendorFailed('lists: created, but the reply names no id.')
}

const fields = {
  Name: required(text('write', 'Name of the list, at most 64 characters.')),
  SearchCriteriaCode: text('write', 'By what its items are searched: TEXT or CODE.'),
  DisplayCodeFirst: boolean('write', 'Whether the code of an item is shown before its name.'),
  IsVendorList: boolean('once', 'Whether it is a list of vendors; only a create sets it.'),
}

/** On Lists v3, deprecated 2021-04-16; there is no DELETE. */
const older: Resource = {
  name: 'lists',
  changes: { kind: 'listing', deletes: true },
  title: 'Lists',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Lists v3 (spec/concur.md 3.5), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the list.'),
    URI: text('read', 'Address of the list at SAP Concur.'),
    ...fields,
    ExternalThreshold: number('once', 'From how many items on they are searched rather than shown.'),
    ConnectorID: text('once', 'Id of the connector that the list comes from.'),
  },
  verbs: {
    search: { method: 'GET', path: '/api/v3.0/common/lists', rows: 'Items', scopes: ['LIST'] },
    retrieve: { method: 'GET', path: '/api/v3.0/common/lists/{id}', scopes: ['LIST'] },
    create: {
      method: 'POST',
      path: '/api/v3.0/common/lists',
      newId: { kind: 'field', name: 'ID' },
      scopes: ['LIST'],
    },
    update: { method: 'PUT', path: '/api/v3.0/common/lists/{id}', scopes: ['LIST'] },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [],
}

/** Lists, with the field names of Lists v3, on List v4. Field table: spec/concur.md 8.3. */
export const lists: Resource = {
  name: 'lists',
  changes: { kind: 'listing', deletes: true },
  title: 'Lists',
  key: 'ID',
  keepUnknown: false,
  source: 'SAP Concur, List v4 (spec/concur.md 3.5 and 8.3), compared 2026-08',
  fields: {
    ID: { ...text('read', 'UUID of the list.'), from: ['id'] },
    Name: { ...fields.Name, from: ['value'] },
    SearchCriteriaCode: { ...fields.SearchCriteriaCode, from: ['searchCriteria'] },
    DisplayCodeFirst: {
      ...fields.DisplayCodeFirst,
      from: ['displayFormat'],
      values: [
        ['(CODE) TEXT', true],
        ['TEXT (CODE)', false],
      ],
    },
    IsVendorList: {
      ...fields.IsVendorList,
      from: ['category', 'type'],
      to: ['isVendor'],
      values: [['Vendor', true]],
      otherwise: false,
    },
    ExternalThreshold: {
      ...number('read', 'From how many items on they are searched rather than shown.'),
      from: ['externalThreshold'],
    },
    category: object('read', 'Category of List v4, {id, type}.'),
    levelCount: number('read', 'How many levels its items have.'),
    isReadOnly: boolean('read', 'Whether it cannot be changed.'),
    isDeleted: boolean('read', 'Whether it was deleted.'),
    managedBy: text('read', 'Who alone may change it; null: everybody who may.'),
  },
  verbs: {
    search: { method: 'GET', path, rows: 'content', query: { isDeleted: 'eq:false' }, scopes: read },
    retrieve: { method: 'GET', path: `${path}/{id}`, scopes: read },
    create: {
      kind: 'coded',
      why: 'A vendor list is created by a category whose id only another vendor list tells.',
      method: 'POST',
      path,
      scopes: write,
      run: (port, { body }) => create(port, body),
    },
    update: { method: 'PUT', path: `${path}/{id}`, whole: true, scopes: write },
  },
  page: { kind: 'page-number', next: 'page', count: 'totalPages', cursorParam: 'page', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    { ...equals('name', 'Name'), sentAs: 'value', prefix: 'eq:', description: 'Name of the list, exactly.' },
  ],
  generations: { v3: older },
}
