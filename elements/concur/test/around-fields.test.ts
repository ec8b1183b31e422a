import { describe, expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import { toHubRow } from '#src/engine/rows.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import {
  hasPublished,
  parametersOf,
  type Schema,
  type Spec,
  sampleOf,
  schemaIn,
  specOf,
} from '../../../test/support/published.ts'
import { concur } from '../index.ts'

/** The data of what stands around a report, held against SAP's published specifications and payloads. */
const reports = specOf('v4-0/Reports.swagger.json')
const attendees = specOf('v4-0/Attendees.swagger2.json')
const v3 = (name: string): Spec => specOf(`v3-0/${name}.swagger2.json`)

const known = concur({}).resources
const resourceOf = (name: string): Resource => known[name] as Resource
const older = (name: string): Resource => resourceOf(name).generations?.v3 as Resource

const kinds: Readonly<Record<string, string>> = { integer: 'number', string: 'text', array: 'object' }

/** The kit's word for a type of the specification. */
const typeOf = ({ type = '', format, $ref }: Schema): string => {
  if ($ref !== undefined) return 'object'
  return format === 'date-time' ? 'datetime' : (kinds[type] ?? type)
}

/** Where a specification writes a name otherwise than its page and samples. */
const respelt: Readonly<Record<string, string>> = {
  'AttendeeGet.Custom21': 'custom21',
  'AttendeeGet.HasExceptionsPrevYear': 'hasExceptionsPrevYear',
}
/** Dates of the page that the specification has as text. */
const datesOfPage = ['LastModified', 'TransactionDate']
/** Fields of rows that the specification has elsewhere (the list as a whole), and those that we add. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'expense-attendees': ['noShowAttendeeCount'],
  'report-exceptions': ['id'],
}

const reading: readonly (readonly [string, Resource, Spec, string])[] = [
  ['itemizations', resourceOf('itemizations'), v3('Itemizations'), 'ItemizationGet'],
  ['allocations', resourceOf('allocations'), v3('Allocations'), 'AllocationGet'],
  ['attendees', resourceOf('attendees'), attendees, 'AttendeeGet'],
  ['attendee-types of v3', older('attendee-types'), v3('AttendeeTypes'), 'AttendeeTypeGet'],
  ['expense-attendees', resourceOf('expense-attendees'), reports, 'ExpenseAttendeeWithAmounts'],
  ['report-comments', resourceOf('report-comments'), reports, 'CommentDetails'],
  ['report-exceptions', resourceOf('report-exceptions'), reports, 'ReportException'],
]

const writing: readonly (readonly [string, Resource, Spec, string, boolean])[] = [
  ['POST of itemizations', resourceOf('itemizations'), v3('Itemizations'), 'ItemizationPost', false],
  ['PUT of itemizations', older('itemizations'), v3('Itemizations'), 'ItemizationPut', true],
  ['POST of attendees', resourceOf('attendees'), attendees, 'AttendeePost', false],
  ['PUT of attendees', resourceOf('attendees'), attendees, 'AttendeePut', true],
  ['POST of expense-attendees', resourceOf('expense-attendees'), reports, 'ExpenseAttendee', false],
  ['POST of report-comments', resourceOf('report-comments'), reports, 'Comment', false],
  ['PUT of report-exceptions', resourceOf('report-exceptions'), reports, 'Exceptions', false],
]

const rowsIn = (value: Json): readonly JsonObject[] => {
  const rows = isJsonObject(value) ? (value.Items ?? value.expenseAttendeeList ?? [value]) : value
  return (rows as readonly Json[]).filter(isJsonObject)
}

describe.runIf(hasPublished)('the data of what stands around a report', () => {
  it.each(reading)('has every field of %s with its type, and no other', (_title, resource, spec, schema) => {
    const properties = Object.entries(schemaIn(spec, schema).properties ?? {}).map(
      ([name, property]) => [respelt[`${schema}.${name}`] ?? name, property] as const,
    )
    expect(properties.length).toBeGreaterThan(5)
    const extra = elsewhere[resource.name] ?? []
    const shown = Object.entries(resource.fields)
      .filter(([name, field]) => !field.access.endsWith('-only') && !extra.includes(name))
      .map(([name]) => name)
    expect(shown.sort()).toEqual(properties.map(([name]) => name).sort())
    for (const [name, property] of properties) {
      const field = resource.fields[name]
      expect(field?.type, name).toBe(datesOfPage.includes(name) ? 'datetime' : typeOf(property))
      expect(field?.description, name).toMatch(/\.$/)
    }
  })

  it.each(writing)('takes every field that a %s writes', (_title, resource, spec, schema, isUpdate) => {
    const extra = elsewhere[resource.name] ?? []
    const written = Object.entries(resource.fields)
      .filter(([name, { access }]) => access !== 'read' && !extra.includes(name))
      .filter(([, { access }]) => !isUpdate || access !== 'once')
      .map(([name]) => name)
    const published = Object.keys(schemaIn(spec, schema).properties ?? {})
    expect(published.length).toBeGreaterThan(0)
    // An itemization stays on its expense: a PUT leaves the id of the expense out.
    expect(written.sort()).toEqual(published.filter((name) => !isUpdate || name !== 'EntryID').sort())
  })

  it.each([
    ['itemizations', v3('Itemizations'), '/expense/itemizations', [], []],
    ['allocations', v3('Allocations'), '/expense/allocations', [], []],
    // `includeDeleted` is on the page alone; attendees are asked for by id one by one.
    ['attendees', attendees, '/attendees', ['includeDeleted'], ['id']],
  ] as const)('has every search parameter of %s', (name, spec, path, ofPage: readonly string[], not) => {
    const { filters, page, verbs } = resourceOf(name)
    const paging = 'sizeParam' in page ? [page.sizeParam, page.cursorParam] : []
    const query = Object.keys(verbs.search?.query ?? {})
    const ours = new Set([...filters.map(({ param }) => param), ...paging, ...query])
    const published = parametersOf(spec, 'GET', path)
    expect(published.length).toBeGreaterThan(4)
    expect([...ours].filter((each) => !ofPage.includes(each)).sort()).toEqual(
      published.filter((each) => !(not as readonly string[]).includes(each)).sort(),
    )
  })

  it.each([
    ['allocations', 'expense-allocations-expense-allocations/1'],
    ['allocations', 'expense-allocations-expense-allocations/2'],
    ['attendees', 'common-attendees-v4.attendees/3'],
    ['report-comments', 'expense-expense-report-v4.comments/3'],
    ['report-exceptions', 'expense-expense-report-v4.exceptions/2'],
    ['expense-attendees', 'expense-expense-report-v4.expense-attendee-associations/1'],
    ['expense-types', 'expense-expense-config-v4.expense.config/2'],
    ['payment-types', 'expense-expense-config-v4.expense.config/3'],
    ['attendee-types', 'expense-attendee-types-v3.attendee-types/1'],
    ['attendee-types', 'expense-attendee-types-v3.attendee-types/2'],
  ])('has every row of %s whole, as %s shows it', (name, file) => {
    const [resource, rows] = [
      file.includes('v3') ? older(name) : resourceOf(name),
      rowsIn(sampleOf<Json>(file)),
    ]
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) {
      expect(toHubRow(resource, row)).toMatchObject(row)
      for (const field of Object.keys(row)) expect(resource.fields).toHaveProperty([field])
    }
  })
})
