import type { DataCentre } from './data-centres.ts'
import type { Sandbox } from './operation.ts'

/**
 * A smaller table: rows computed from the seed, with what callers wrote laid over them and journaled as
 * `row` events. Each row belongs to the company of one data centre.
 */
export interface Kept {
  readonly id: string
  readonly home: DataCentre
}

export type Table<Row extends Kept> = ReturnType<typeof createTable<Row>>

const noRows: ReadonlyMap<string, unknown> = new Map()

/** `seeded` is asked once a company; its rows must be few, because they are kept. */
export const createTable = <Row extends Kept>(
  name: string,
  seeded: (home: DataCentre) => readonly Row[] = () => [],
) => {
  const seeds = new Map<DataCentre, ReadonlyMap<string, Row>>()
  const seedOf = (home: DataCentre): ReadonlyMap<string, Row> => {
    const known = seeds.get(home)
    if (known !== undefined) return known
    const made = new Map(seeded(home).map((row) => [row.id, row]))
    seeds.set(home, made)
    return made
  }
  const overlay = ({ state }: Sandbox) =>
    (state.memory.tables.get(name) ?? noRows) as ReadonlyMap<string, Row | null>

  return {
    /** The seeded rows in their order, then those of callers in theirs. */
    all: (sandbox: Sandbox, home: DataCentre): readonly Row[] => {
      const changed = overlay(sandbox)
      const seed = seedOf(home)
      if (changed.size === 0) return [...seed.values()]
      const kept = [...seed.values()].flatMap((row) =>
        changed.has(row.id) ? (changed.get(row.id) ?? []) : row,
      )
      const more = [...changed.values()].filter(
        (row) => row !== null && row.home === home && !seed.has(row.id),
      )
      return [...kept, ...(more as Row[])]
    },
    find: (sandbox: Sandbox, home: DataCentre, id: string): Row | undefined => {
      const changed = overlay(sandbox).get(id)
      if (changed === null) return undefined
      const row = changed ?? seedOf(home).get(id)
      return row?.home === home ? row : undefined
    },
    put: ({ state }: Sandbox, row: Row): void => {
      state.record({ kind: 'row', table: name, id: row.id, row })
    },
    remove: ({ state }: Sandbox, id: string): void => {
      state.record({ kind: 'row', table: name, id, row: null })
    },
  }
}
