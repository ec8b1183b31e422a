import type { FilterGroups, Resource } from '#src/element/index.ts'
import { apples } from './small-vendor.ts'

/** How the invented vendor is searched by groups of filters. */
export const groupStyle: FilterGroups = {
  kind: 'groups',
  searchPath: '/apples/search',
  key: 'number',
  names: {
    'parts.color': 'color',
    'parts.kind': 'kind',
    'parts.weight': 'weight',
    'parts.ripe': 'ripe',
    pickedAt: 'picked',
  },
  choices: ['parts.kind'],
  mostGroups: 5,
  mostFilters: 6,
  mostInAll: 18,
  mostValues: 3,
  mostCharacters: 1_000,
  maxSize: 2,
}

/** Its apples, whose parts come only where they are asked for. */
export const groupedApples: Resource = apples({
  key: 'id',
  fields: {
    id: { type: 'text', access: 'read' },
    parts: { type: 'object', access: 'write', emptiedBy: '' },
    'parts.color': { type: 'text', access: 'write', to: ['parts', 'color'] },
    'parts.kind': { type: 'text', access: 'write', to: ['parts', 'kind'] },
    'parts.weight': { type: 'number', access: 'write', to: ['parts', 'weight'] },
    'parts.ripe': { type: 'boolean', access: 'write', to: ['parts', 'ripe'] },
    pickedAt: { type: 'datetime', access: 'read' },
  },
  aliases: { color: 'parts.color', weight: 'parts.weight' },
  chosen: { within: 'parts', param: 'parts', usual: ['color', 'weight'] },
  page: {
    kind: 'cursor',
    next: ['paging', 'next', 'after'],
    cursorParam: 'after',
    sizeParam: 'limit',
    maxSize: 3,
  },
  filterStyle: groupStyle,
  verbs: {
    search: { method: 'GET', path: '/apples', rows: 'list' },
    retrieve: { method: 'GET', path: '/apples/{id}' },
    create: { method: 'POST', path: '/apples', newId: { kind: 'field', name: 'id' } },
    update: { method: 'PATCH', path: '/apples/{id}' },
  },
})
