/** A row that a hub call made, or may have made, under a name of its own. */
export interface Made {
  readonly kind: 'report' | 'expense'
  readonly name: string
  /** Answered 200: it is there, once. Else it may be there, once at most. */
  readonly sure: boolean
  /** Answered that sending it again may help. */
  readonly retryable: boolean
  readonly id: string | undefined
  /** A change was asked for: answered 200, or not. */
  changed?: 'yes' | 'perhaps'
  removed?: 'yes' | 'perhaps'
}

/** What a row is called once it was changed. */
export const changedName = (name: string): string => `${name} changed`

/** Rows at the vendor, by the name under which they were made: how often, and whether changed. */
export interface Standing {
  count: number
  changed: number
}

/** What the rows at the vendor should be, from the answers that hub calls got. */
export const createBooks = () => {
  const rows: Made[] = []

  const wrongCount = (row: Made, { count }: Standing): string | undefined => {
    if (count > 1) return `is there ${count} times`
    if (row.removed === 'yes' && count !== 0) return 'was answered as removed, and is there'
    if (row.sure && row.removed === undefined && count !== 1) return 'was answered as made, and is not there'
    if (!row.sure && count === 1 && row.retryable)
      return 'is there, and its answer said that it may be sent again'
    return undefined
  }

  const wrongChange = (row: Made, { count, changed }: Standing): string | undefined => {
    if (changed > 0 && row.changed === undefined) return 'was changed by nobody, and is'
    if (row.changed === 'yes' && changed < count) return 'was answered as changed, and is not'
    return undefined
  }

  return {
    add: (row: Made): void => {
      rows.push(row)
    },
    count: (kind: Made['kind']): number => rows.filter((row) => row.kind === kind).length,
    /** Each row that is not as it was answered, and each that nobody asked for. */
    faults: (standing: ReadonlyMap<string, Standing>): string[] => {
      const names = new Set(rows.map(({ name }) => name))
      const strangers = [...standing.keys()].filter((name) => !names.has(name))
      const wrong = rows.flatMap((row) => {
        const now = standing.get(row.name) ?? { count: 0, changed: 0 }
        const words = wrongCount(row, now) ?? wrongChange(row, now)
        return words === undefined ? [] : [`${row.kind} '${row.name}' ${words}`]
      })
      return [...strangers.map((name) => `'${name}' is there, and nobody asked for it`), ...wrong]
    },
    /** In words: how many rows there are of each kind of answer. */
    text: (standing: ReadonlyMap<string, Standing>): string => {
      const sure = rows.filter((row) => row.sure)
      const unsure = rows.filter((row) => !row.sure)
      const there = unsure.filter(({ name }) => (standing.get(name)?.count ?? 0) > 0)
      return `rows answered as made ${sure.length}, answered with an error ${unsure.length}, of those there ${there.length}`
    },
  }
}

export type Books = ReturnType<typeof createBooks>
