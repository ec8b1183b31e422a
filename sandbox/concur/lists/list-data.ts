import type { DataCentre } from '../data-centres.ts'
import { pick } from '../hash.ts'
import { uuidOf } from '../ids.ts'
import { createTable, type Kept } from '../table.ts'
import { costCentreKinds, departments, expenseTypes, places, projects, teams } from '../words.ts'

/** Lists and their items: what custom fields, vendors and forms choose from. */
export interface List extends Kept {
  readonly name: string
  readonly searchCriteria: 'TEXT' | 'CODE'
  readonly displayFormat: string
  readonly category: Category
  readonly readOnly: boolean
  readonly deleted: boolean
  readonly managedBy: string | null
  readonly externalThreshold: number | null
}

export interface Item extends Kept {
  /** The lists that share it; ids of callers' own making where the switch `ids` is lenient. */
  readonly listIds: readonly string[]
  readonly parentId: string | null
  /** 1 to 10. */
  readonly level: number
  readonly shortCode: string
  readonly value: string
  readonly deleted: boolean
}

const categories = ['Normal', 'Vendor', 'Configuration'] as const
export type Category = (typeof categories)[number]

/** Follows: developer.concur.com, Lists v4: a category has an id. Verified: 2026-08 */
export const categoryId = (category: Category): string => uuidOf(`list-category:${category}`)
export const categoryById = (id: string): Category | undefined =>
  categories.find((category) => categoryId(category) === id)

/** The first company's ids have no prefix. */
const named = (home: DataCentre, name: string): string => uuidOf(home === 'us2' ? name : `${home}:${name}`)

export type SeedList = 'departments' | 'projects' | 'billable' | 'cost-centres' | 'vendors' | 'groups'
export const seedListId = (home: DataCentre, list: SeedList): string => named(home, `list:${list}`)
export const departmentId = (home: DataCentre, code: string): string => named(home, `department:${code}`)
const teamId = (home: DataCentre, department: string, code: string): string =>
  named(home, `team:${department}:${code}`)
export const projectId = (home: DataCentre, code: string): string => named(home, `project:${code}`)
export const costCentreId = (home: DataCentre, code: string): string => named(home, `cost-centre:${code}`)
export const vendorItemId = (home: DataCentre, name: string): string => named(home, `vendor:${name}`)

const seedLists: readonly (readonly [list: SeedList, name: string, category: Category])[] = [
  ['departments', 'Departments', 'Normal'],
  ['projects', 'Projects', 'Normal'],
  ['billable', 'Billable projects', 'Normal'],
  ['cost-centres', 'Cost centres', 'Normal'],
  ['vendors', 'Vendors', 'Vendor'],
  ['groups', 'Employee groups', 'Configuration'],
]

const listsOf = (home: DataCentre): readonly List[] =>
  seedLists.map(([list, name, category]) => ({
    ...{ id: seedListId(home, list), home, name, category, deleted: false, managedBy: null },
    searchCriteria: list === 'cost-centres' ? 'CODE' : 'TEXT',
    displayFormat: '(CODE) TEXT',
    readOnly: category === 'Configuration',
    externalThreshold: null,
  }))

/** More than a page of them, so that paging shows. */
export const costCentreCount = 1250
export const costCentreAt = (index: number): readonly [code: string, name: string] => [
  `CC${String(1000 + index)}`,
  `${pick(costCentreKinds, 9, index, 1)} ${pick(pick(places, 9, index, 2).cities, 9, index, 3)[0]} ${String(index + 1)}`,
]

/** Every vendor that seeded expenses name. */
const vendorNames = [...new Set(expenseTypes.flatMap(({ vendors }) => vendors))].sort()
const vendorCode = (name: string): string => name.toUpperCase().replace(/[^A-Z]+/g, '')

const itemsOf = (home: DataCentre): readonly Item[] => {
  const shared = { home, parentId: null, level: 1, deleted: false }
  const lists = (...names: SeedList[]) => names.map((name) => seedListId(home, name))
  return [
    ...departments.flatMap(([code, value]): Item[] => [
      { ...shared, id: departmentId(home, code), listIds: lists('departments'), shortCode: code, value },
      ...teams.map(([team, name]) => ({
        ...{ ...shared, id: teamId(home, code, team), listIds: lists('departments'), shortCode: team },
        ...{ value: `${value} ${name}`, parentId: departmentId(home, code), level: 2 },
      })),
    ]),
    ...projects.map(([code, value]) => ({
      ...{ ...shared, id: projectId(home, code), listIds: lists('projects', 'billable'), shortCode: code },
      value,
    })),
    ...Array.from({ length: costCentreCount }, (_, index) => {
      const [code, value] = costCentreAt(index)
      const id = costCentreId(home, code)
      return { ...shared, id, listIds: lists('cost-centres'), shortCode: code, value }
    }),
    ...vendorNames.map((name) => ({
      ...{ ...shared, id: vendorItemId(home, name), listIds: lists('vendors') },
      ...{ shortCode: vendorCode(name), value: name },
    })),
    ...['EUROPE', 'WORLD'].map((code) => ({
      ...{ ...shared, id: named(home, `group:${code}`), listIds: lists('groups'), shortCode: code },
      value: code === 'EUROPE' ? 'Europe' : 'World',
    })),
  ]
}

export const lists = createTable<List>('lists', listsOf)
export const items = createTable<Item>('list-items', itemsOf)
