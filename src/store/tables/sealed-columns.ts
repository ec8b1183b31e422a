import type { Queryable } from '../database.ts'

interface SealedPlace {
  readonly table: string
  readonly column: string
  /** The table's primary key, in its order, with the types of its columns. */
  readonly key: Readonly<Record<string, 'bigint' | 'text'>>
}

/**
 * Every column whose values a vault sealed, so that a rotation finds them all: a `bytea` column that is
 * missing here fails `test/stories/tables.test.ts`.
 */
export const sealedColumns = {
  organizationSecret: {
    table: 'organizations',
    column: 'secret_sealed',
    key: { organization_id: 'bigint' },
  },
  userSecret: {
    table: 'users',
    column: 'secret_sealed',
    key: { organization_id: 'bigint', user_id: 'bigint' },
  },
  instanceSecrets: {
    table: 'instances',
    column: 'secrets_sealed',
    key: { organization_id: 'bigint', instance_id: 'bigint' },
  },
  instanceToken: {
    table: 'instances',
    column: 'token_sealed',
    key: { organization_id: 'bigint', instance_id: 'bigint' },
  },
  grant: {
    table: 'grants',
    column: 'sealed',
    key: { organization_id: 'bigint', instance_id: 'bigint', principal: 'text' },
  },
  callRequest: {
    table: 'calls',
    column: 'request_sealed',
    key: { organization_id: 'bigint', call_id: 'bigint' },
  },
  callBody: {
    table: 'calls',
    column: 'body_sealed',
    key: { organization_id: 'bigint', call_id: 'bigint' },
  },
  bulkFiles: {
    table: 'bulk_jobs',
    column: 'file_key_sealed',
    key: { organization_id: 'bigint', job_id: 'bigint' },
  },
  elementSecrets: {
    table: 'elements',
    column: 'secrets_sealed',
    key: { organization_id: 'bigint', element_id: 'bigint' },
  },
  connect: {
    table: 'connects',
    column: 'sealed',
    key: { organization_id: 'bigint', connect_id: 'bigint' },
  },
} as const satisfies Readonly<Record<string, SealedPlace>>

export type SealedName = keyof typeof sealedColumns

/** The values of a primary key, in its order. */
export type SealedKey = readonly (string | number)[]

/** A sealed value and where it lies. */
export interface SealedValue {
  readonly key: SealedKey
  readonly sealed: Buffer
}

/** A sealed value and what is put in its place. */
export interface Resealed extends SealedValue {
  readonly resealed: Buffer
}

/** How many values of a column were sealed with a key. */
export interface SealedCount {
  readonly name: SealedName
  readonly table: string
  readonly column: string
  /** Empty for what is no sealed value at all. */
  readonly keyId: string
  readonly count: number
}

/** The root key's id in a sealed value; its form stands in lib/secret. */
const keyIdIn = (column: string): string =>
  `case when length(${column}) > 2 and get_byte(${column}, 0) = 1
    then encode(substring(${column} from 3 for get_byte(${column}, 1)), 'escape') else '' end`

const keyNames = ({ key }: SealedPlace): readonly string[] => Object.keys(key)

const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `$${from + at}`).join(', ')

/** Sealed values of all organizations, for whoever runs this installation; nothing here opens one. */
export const sealedTable = (db: Queryable) => ({
  counts: async (): Promise<SealedCount[]> => {
    const found: SealedCount[] = []
    for (const [name, { table, column }] of Object.entries(sealedColumns)) {
      const rows = await db.query<{ keyId: string; count: number }>({
        text: `select ${keyIdIn(column)} as "keyId", count(*) as count from ${table}
          where ${column} is not null group by 1 order by 1`,
        values: [],
      })
      found.push(...rows.map((row) => ({ name: name as SealedName, table, column, ...row })))
    }
    return found
  },
  /** At most `limit` values that were sealed with one of these keys, in the order of their primary keys. */
  withKeys: async (
    name: SealedName,
    keyIds: readonly string[],
    after: SealedKey | undefined,
    limit: number,
  ): Promise<SealedValue[]> => {
    const place: SealedPlace = sealedColumns[name]
    const { table, column } = place
    const names = keyNames(place)
    const start = after === undefined ? '' : `and (${names.join(', ')}) > (${numbered(3, names.length)})`
    const rows = await db.query<Record<string, string | number> & { sealed: Buffer }>({
      text: `select ${names.join(', ')}, ${column} as sealed from ${table}
        where ${column} is not null and ${keyIdIn(column)} = any($1::text[]) ${start}
        order by ${names.join(', ')} limit $2`,
      values: [keyIds, limit, ...(after ?? [])],
    })
    return rows.map((row) => ({ key: names.map((one) => row[one] ?? ''), sealed: row.sealed }))
  },
  /**
   * Puts the resealed values in place of the ones that were read, and of no others. A row that somebody
   * changes at the moment is passed over: waiting for it could bring both to a stop.
   * @returns how many were replaced.
   */
  replace: async (name: SealedName, values: readonly Resealed[]): Promise<number> => {
    const place: SealedPlace = sealedColumns[name]
    const { table, column } = place
    const names = keyNames(place)
    const same = (left: string, right: string): string =>
      names.map((one) => `${left}.${one} = ${right}.${one}`).join(' and ')
    const arrays = [...names.map((one) => place.key[one] ?? 'text'), 'bytea', 'bytea'].map(
      (type, at) => `$${at + 1}::${type}[]`,
    )
    const rows = await db.query({
      text: `with given as (
          select * from unnest(${arrays.join(', ')}) as g(${names.join(', ')}, sealed, resealed)
        ), held as (
          select ${names.map((one) => `given.${one}`).join(', ')}, given.resealed from given
          join ${table} t on ${same('t', 'given')} where t.${column} = given.sealed
          for update of t skip locked
        )
        update ${table} t set ${column} = held.resealed from held where ${same('t', 'held')} returning 1`,
      values: [
        ...names.map((_, at) => values.map(({ key }) => key[at])),
        values.map(({ sealed }) => sealed),
        values.map(({ resealed }) => resealed),
      ],
    })
    return rows.length
  },
})
