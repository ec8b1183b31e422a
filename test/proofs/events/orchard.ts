import type { JsonObject } from '#src/lib/json.ts'

/** How the orchard shows and dates its rows. */
export interface OrchardStyle {
  /** `listing`: the vendor does not narrow by times. */
  readonly kind: 'dated' | 'listing'
  /** Pages follow the ids, or the times of the last change. */
  readonly order: 'id' | 'time'
  /** Times are cut to so much. */
  readonly resolutionMs: 1 | 1_000 | 60_000 | 86_400_000
}

/** What a row was from one change to the next. Times are true ones; `date` is what the vendor's clock said. */
export interface Version {
  readonly id: string
  readonly number: number
  /** Null: it was removed. */
  readonly record: JsonObject | null
  readonly madeAtMs: number
  readonly visibleAtMs: number
  readonly dateMs: number
  /** By how much the vendor's clock was ahead. */
  readonly offsetMs: number
}

interface Change {
  /** It is visible only so much later. */
  readonly lateMs: number
  /** It has the time of the change before. */
  readonly sameTime: boolean
}

export interface Page {
  readonly rows: readonly JsonObject[]
  readonly next: string | null
}

const dateChars = { 1: 23, 1000: 19, 60000: 16, 86400000: 10 } as const

const dateText = (ms: number, resolutionMs: OrchardStyle['resolutionMs']): string =>
  new Date(ms).toISOString().slice(0, dateChars[resolutionMs])

/** A moment as the vendor writes it; a day alone is its beginning. */
const readDate = (text: string): number => Date.parse(text.includes('T') ? `${text}Z` : text)

/**
 * The vendor's side of one script: rows, all they ever were, and a clock of its own. Time that is said to have passed
 * is added to that of this machine.
 */
export const createOrchard = (style: OrchardStyle, startOffsetMs: number) => {
  const versions = new Map<string, Version[]>()
  let passedMs = 0
  let offsetMs = startOffsetMs
  let count = 0
  let lastDateMs: number | undefined

  const now = (): number => Date.now() + passedMs

  const change = (id: string, removed: boolean, { lateMs, sameTime }: Change): void => {
    const madeAtMs = now()
    const exact = sameTime && lastDateMs !== undefined ? lastDateMs : madeAtMs + offsetMs
    const dateMs = Math.floor(exact / style.resolutionMs) * style.resolutionMs
    lastDateMs = dateMs
    const before = versions.get(id) ?? []
    const number = before.length + 1
    const made = before[0]?.dateMs ?? dateMs
    const times = {
      Made: dateText(made, style.resolutionMs),
      Changed: dateText(dateMs, style.resolutionMs),
    }
    const record = removed ? null : { ID: id, Name: `${id} as of ${number}`, Weight: number, ...times }
    const visibleAtMs = madeAtMs + lateMs
    versions.set(id, [...before, { id, number, record, madeAtMs, visibleAtMs, dateMs, offsetMs }])
  }

  const shown = (id: string): Version | undefined => {
    const last = (versions.get(id) ?? []).findLast(({ visibleAtMs }) => visibleAtMs <= now())
    return last === undefined || last.record === null ? undefined : last
  }

  /** What everybody sees now, by id. */
  const snapshot = (): ReadonlyMap<string, Version> =>
    new Map(
      [...versions.keys()].flatMap((id): [string, Version][] => {
        const version = shown(id)
        return version === undefined ? [] : [[id, version]]
      }),
    )

  const placeOf = ({ id, dateMs }: Version): string =>
    style.order === 'id' ? id : `${String(dateMs).padStart(15, '0')} ${id}`

  return {
    style,
    now,
    vendorNow: (): number => now() + offsetMs,
    offsetMs: (): number => offsetMs,
    create: (how: Change): void => {
      count += 1
      // New ids come before and after older ones.
      const id = `${'ANZ'[count % 3]}${String(count).padStart(4, '0')}`
      change(id, false, how)
    },
    /** @param pick any number; the rows that there are take turns. */
    update: (pick: number, how: Change): void => {
      const ids = [...snapshot().keys()]
      const id = ids[pick % ids.length]
      if (id !== undefined) change(id, false, how)
    },
    remove: (pick: number): void => {
      const ids = [...snapshot().keys()]
      const id = ids[pick % ids.length]
      if (id !== undefined) change(id, true, { lateMs: 0, sameTime: false })
    },
    jump: (ms: number): void => {
      offsetMs += ms
    },
    pass: (ms: number): void => {
      passedMs += ms
    },
    snapshot,
    versions: (): ReadonlyMap<string, readonly Version[]> => versions,
    /** @param since by the vendor's clock; @param after the place of the last row that was read. */
    page: (since: string | undefined, after: string | undefined, limit: number): Page => {
      const from = since === undefined ? undefined : readDate(since)
      const all = [...snapshot().values()]
        .filter(({ dateMs }) => from === undefined || dateMs >= from)
        .sort((one, two) => (placeOf(one) < placeOf(two) ? -1 : 1))
        .filter((version) => after === undefined || placeOf(version) > after)
      const rows = all.slice(0, limit)
      const last = rows.at(-1)
      return {
        rows: rows.flatMap(({ record }) => (record === null ? [] : [record])),
        next: all.length > limit && last !== undefined ? placeOf(last) : null,
      }
    },
  }
}

export type Orchard = ReturnType<typeof createOrchard>
