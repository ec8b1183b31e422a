import { parseOrderBy, parseSelect, parseWhere, printWhere } from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { parseInstant } from '#src/lib/instant.ts'
import { nameOf, type PagesInput, type Place, vendorNames } from '../objects/index.ts'
import { type MappedJob, mappedJob } from './job-resource.ts'
import type { View } from './view.ts'

/**
 * What a download asks for; empty: not said. `where` and `orderBy` are in the vendor's names, so that a mapping which
 * changes while it is read changes neither which rows nor their order.
 */
export interface DownloadCriteria extends MappedJob {
  /** CEQL, what `from` and `to` say among it. */
  readonly where: string
  /** A comma list, as the caller names them. */
  readonly fields: string
  readonly orderBy: string
  /** Null: all. */
  readonly limit: number | null
  /** Records asked of the vendor at once; null: as many as it gives. */
  readonly pageSize: number | null
  /** Of the vendor; null: as many as it takes. */
  readonly mostCalls: number | null
  /** What is said besides the query (`Resource.address`). */
  readonly given: Readonly<Record<string, string>>
  /** Null: as the instance is configured. */
  readonly keepNulls: boolean | null
  /** The query as it was sent, for people. */
  readonly query: string
}

/** Where a download goes on. */
export interface DownloadCheckpoint {
  /** Null: everything was read. */
  readonly place: Place | null
  readonly part: number
  /** The vendor's pages read so far. */
  readonly pages: number
  /** What its script did wrong so far. */
  readonly scriptError?: string | null
}

/** What a download may be asked by (spec/contract.md 7). */
export interface DownloadAsked {
  readonly objectName: string
  readonly where?: string | undefined
  readonly fields?: readonly string[] | undefined
  readonly orderBy?: string | undefined
  readonly limit?: number | undefined
  readonly pageSize?: number | undefined
  readonly filterNulls?: boolean | undefined
  readonly mostCalls?: number | undefined
  readonly given?: Readonly<Record<string, string>> | undefined
  /** Moments as they were sent. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Absent: the field that tells when a record last changed. */
  readonly dateField?: string | undefined
  readonly query: string
}

/** Reads `q` of `POST /bulk/query`. @throws AppError `bad-query` with the position. */
export const readSelect = (q: string): DownloadAsked => {
  const { fields, from, where, orderBy, limit } = parseSelect(q)
  return {
    objectName: from,
    where: where === null ? undefined : printWhere(where),
    fields: fields === '*' ? undefined : fields,
    orderBy: orderBy.map(({ field, direction }) => `${field} ${direction}`).join(', '),
    limit,
    query: q,
  }
}

const both = (one: string, two: string): string =>
  one === '' ? two : two === '' ? one : `(${one}) and (${two})`

const momentOf = (name: string, text: string): string => {
  const at = parseInstant(text)
  if (at !== null) return new Date(at).toISOString()
  throw new AppError(
    'bad-request',
    `${name}: '${text.slice(0, 40)}' is no moment, such as 2026-01-31T12:00:00Z.`,
  )
}

/** What `from` and `to` say, as CEQL. @throws AppError `bad-request` naming them. */
export const spanOf = (
  resource: Resource,
  { from, to, dateField }: Pick<DownloadAsked, 'from' | 'to' | 'dateField'>,
): string => {
  if (from === undefined && to === undefined) return ''
  const { changes } = resource
  const named =
    dateField === undefined ? undefined : vendorNames(resource).field('filterDateField', dateField)
  const field = named ?? (changes?.kind === 'dated' ? changes.updated : undefined)
  if (field === undefined)
    throw new AppError(
      'bad-request',
      `from, to: ${nameOf(resource)} has no field that tells when a record changed. Say it in where, or name one in filterDateField.`,
    )
  const parts = [
    ...(from === undefined ? [] : [`${field} >= '${momentOf('from', from)}'`]),
    ...(to === undefined ? [] : [`${field} < '${momentOf('to', to)}'`]),
  ]
  return parts.join(' and ')
}

/** @throws AppError `bad-request` naming the part that is wrong. */
export const criteriaOf = (resource: Resource, asked: DownloadAsked): DownloadCriteria => {
  const { where = '', fields = [], orderBy = '', limit, pageSize, filterNulls, query } = asked
  // What stands in the middle of another expression must be one by itself.
  if (where.trim() !== '') parseWhere(where)
  const names = vendorNames(resource)
  return {
    ...mappedJob(resource),
    where: both(names.where(where.trim()), spanOf(resource, asked)),
    fields: fields.join(','),
    orderBy: names.orderBy(orderBy),
    limit: limit ?? null,
    pageSize: pageSize ?? null,
    mostCalls: asked.mostCalls ?? null,
    given: asked.given ?? {},
    keepNulls: filterNulls === undefined ? null : !filterNulls,
    query,
  }
}

/** More than any vendor gives at once; the resource's own limit counts. */
const largestPage = 5_000

/** What records are sorted by must be read, too; the sorting takes out again what is not asked for. */
const fieldsOf = ({ orderBy }: DownloadCriteria, { fields }: View): string =>
  fields === '' || orderBy === ''
    ? fields
    : [fields, ...parseOrderBy(orderBy).map(({ field }) => field)].join(',')

/** The listing that a download reads; it is not sorted. */
export const searchOf = (criteria: DownloadCriteria, view: View): PagesInput => ({
  where: criteria.where,
  fields: fieldsOf(criteria, view),
  given: criteria.given,
  pageSize: criteria.pageSize ?? largestPage,
  unnoted: true,
})
