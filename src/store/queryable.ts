import type { ClientBase, Pool, QueryResult } from 'pg'

/** One SQL statement with its values, `$1` and on. */
export interface Statement {
  /** Named statements are prepared once a connection: for hot paths. The same name always has the same text. */
  readonly name?: string
  readonly text: string
  /** Without values, `text` may hold several statements; the rows of the last are returned. */
  readonly values: readonly unknown[]
  /** Rows come as arrays of their values, which cost less to read than objects. */
  readonly asArrays?: true
}

/**
 * What a table needs: the pool, or one transaction. `int8` comes back as a number (a bigint beyond 2^53),
 * `timestamptz` as a Date, `date` as `yyyy-MM-dd`, `numeric` as text, `json` parsed.
 */
export interface Queryable {
  /** Sends one statement and gives its rows. Throws pg's error, with `code` the SQLSTATE. */
  readonly query: <R>(statement: Statement) => Promise<R[]>
}

const rowsOf = <R>(result: QueryResult | QueryResult[]): R[] => {
  const last = Array.isArray(result) ? result.at(-1) : result
  return (last?.rows ?? []) as R[]
}

/** `count` is called before each statement. */
export const createQueryable = (via: Pool | ClientBase, count: () => void): Queryable => ({
  query: async <R>({ name, text, values, asArrays }: Statement): Promise<R[]> => {
    count()
    const config = {
      text,
      values: [...values],
      ...(name === undefined ? {} : { name }),
      ...(asArrays === undefined ? {} : { rowMode: 'array' as const }),
    }
    return rowsOf<R>(await (via as ClientBase).query(config))
  },
})
