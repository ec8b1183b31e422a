/** SQL types that a key column may have. */
export type KeyType = 'bigint' | 'integer' | 'text' | 'uuid'

interface Column {
  readonly property: string
  readonly column: string
}

/** A column that the end of a lease may write: in place of what was there, or appended to it. A time is a Date. */
export interface WrittenColumn {
  readonly type: KeyType | 'timestamptz' | 'float8' | 'jsonb'
  readonly append?: true
}

/** What statements need to know of a due table. */
export interface TableShape {
  readonly name: string
  readonly key: readonly (Column & { readonly type: KeyType })[]
  /** What a claim brings along beside its key: expressions on the claimed row, `t`, and on what `joins` adds to it. */
  readonly data: readonly { readonly property: string; readonly expression: string }[]
  /** Empty where all is in the row itself. */
  readonly joins: string
  readonly written: readonly (Column & WrittenColumn)[]
  /** How long a claim holds without being renewed. */
  readonly leaseSeconds: number
}

/**
 * A table whose rows are work: beside its key and data it has `due_at timestamptz` (null: nothing to do),
 * `lease_until timestamptz`, `lease_token uuid`, `lease_owner bigint` and `attempts integer`, and an index on
 * `due_at`. `Row` is what a claim brings along, its key among it.
 */
export interface DueTable<Key extends object, Row extends Key = Key> extends TableShape {
  /** Never there: it carries the types. */
  readonly types?: { readonly key: Key; readonly row: Row }
}

export interface DueTableOptions<Key extends object, Row extends Key> {
  readonly name: string
  /** The primary key in its order, `organizationId` first where rows are a customer's. */
  readonly key: { readonly [K in keyof Key & string]: KeyType }
  /** Further columns that a claim brings along. */
  readonly data?: readonly Exclude<keyof Row & string, keyof Key>[]
  /** What a claim brings along of other tables, joined so that each claimed row stays one. */
  readonly brings?: {
    readonly joins: string
    readonly columns: readonly (readonly [
      property: Exclude<keyof Row & string, keyof Key>,
      expression: string,
    ])[]
  }
  /** Columns that the end of a lease may write along (`Settlement.set`). */
  readonly written?: Readonly<Record<string, WrittenColumn>>
  /** 20 unless said: by so much a paused process's work is late. */
  readonly leaseSeconds?: number
}

const defaultLeaseSeconds = 20

const columnOf = (property: string): string =>
  property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const named = (property: string): Column => {
  if (!/^[a-z][A-Za-z0-9]*$/.test(property)) throw new Error(`${property} is no name of a column`)
  return { property, column: columnOf(property) }
}

/** Describes a due table; a property `organizationId` is the column `organization_id`. */
export const dueTable = <Key extends object, Row extends Key = Key>(
  options: DueTableOptions<Key, Row>,
): DueTable<Key, Row> => {
  if (!/^[a-z][a-z0-9_]*$/.test(options.name)) throw new Error(`${options.name} is no name of a table`)
  const key = Object.entries<KeyType>(options.key)
  return {
    name: options.name,
    key: key.map(([property, type]) => ({ ...named(property), type })),
    data: [
      ...(options.data ?? []).map((property) => ({ property, expression: `t.${named(property).column}` })),
      ...(options.brings?.columns ?? []).map(([property, expression]) => ({
        property,
        expression,
      })),
    ],
    joins: options.brings?.joins ?? '',
    written: Object.entries(options.written ?? {}).map(([property, how]) => ({ ...named(property), ...how })),
    leaseSeconds: options.leaseSeconds ?? defaultLeaseSeconds,
  }
}
