import type { Field, FieldType, Resource } from '#src/element/index.ts'

/** One of HubSpot's own properties. */
export interface Property {
  readonly type: Exclude<FieldType, 'object'>
  /** What it is; a whole sentence. */
  readonly about: string
  /** HubSpot sets it. */
  readonly readOnly?: true
  /** It holds one of a few texts (an enumeration), told apart by case. */
  readonly choice?: true
}

interface CrmObject {
  readonly name: string
  readonly otherNames?: readonly string[]
  readonly title: string
  /** HubSpot's name of the object, as in its paths. */
  readonly object: 'contacts' | 'companies'
  readonly properties: Readonly<Record<string, Property>>
  /** The property that tells when a record last changed: `updatedAt` of the row. */
  readonly modified: string
}

const nameIn = (property: string): string => `properties.${property}`

const fieldOf = ({ type, about, readOnly }: Property, name: string): Field => ({
  type,
  access: readOnly === true ? 'read' : 'write',
  to: ['properties', name],
  description: about,
})

/** HubSpot counts characters of a whole search request, 3,000 of them; these are for the filters. */
const mostCharacters = 1_800

/**
 * One kind of record of the CRM: all are read, searched and written alike.
 * Source: developers.hubspot.com, "CRM objects" v3 and "CRM search", and the published client; not compared with the page by hand.
 */
export const crmObject = ({
  name,
  otherNames = [],
  title,
  object,
  properties,
  modified,
}: CrmObject): Resource => {
  const path = `/crm/v3/objects/${object}`
  const names = Object.keys(properties)
  const scopes = { read: [`crm.objects.${object}.read`], write: [`crm.objects.${object}.write`] }
  const fields = Object.entries(properties).map(([property, one]): [string, Field] => [
    nameIn(property),
    fieldOf(one, property),
  ])
  return {
    name,
    otherNames,
    title,
    key: 'id',
    keepUnknown: true,
    chosen: { within: 'properties', param: 'properties', usual: names },
    fields: {
      id: { type: 'text', access: 'read', description: 'Id of the record.' },
      properties: {
        type: 'object',
        access: 'write',
        emptiedBy: '',
        description:
          'The properties, by their names at HubSpot; their values are texts. Others than those below, such as your own, are shown where fields names them.',
      },
      ...Object.fromEntries(fields),
      createdAt: { type: 'datetime', access: 'read', description: 'When the record was created.' },
      updatedAt: { type: 'datetime', access: 'read', description: 'When the record last changed.' },
      archived: {
        type: 'boolean',
        access: 'read',
        description: 'Whether the record was deleted; those that were are not listed.',
      },
    },
    aliases: Object.fromEntries(names.map((property) => [property, nameIn(property)])),
    verbs: {
      search: { method: 'GET', path, rows: 'results', scopes: scopes.read },
      retrieve: { method: 'GET', path: `${path}/{id}`, scopes: scopes.read },
      create: { method: 'POST', path, newId: { kind: 'field', name: 'id' }, scopes: scopes.write },
      update: { method: 'PATCH', path: `${path}/{id}`, repeatable: true, scopes: scopes.write },
      remove: { method: 'DELETE', path: `${path}/{id}`, scopes: scopes.write },
    },
    page: {
      kind: 'cursor',
      next: ['paging', 'next', 'after'],
      cursorParam: 'after',
      sizeParam: 'limit',
      maxSize: 100,
    },
    filterStyle: {
      kind: 'groups',
      searchPath: `${path}/search`,
      key: 'hs_object_id',
      names: {
        createdAt: 'createdate',
        updatedAt: modified,
        ...Object.fromEntries(names.map((property) => [nameIn(property), property])),
      },
      choices: names.filter((property) => properties[property]?.choice === true).map(nameIn),
      mostGroups: 5,
      mostFilters: 6,
      mostInAll: 18,
      mostValues: 100,
      mostCharacters,
      maxSize: 200,
    },
    filters: [],
    source: `HubSpot, CRM objects v3, ${object}; not compared with the page`,
    changes: { kind: 'dated', updated: 'updatedAt', created: 'createdAt' },
    polledUnasked: true,
  }
}
