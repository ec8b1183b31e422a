/** A time zone, by a fixed offset or by its rules. */
export interface Zone {
  /** How far its clocks are ahead of UTC at a moment. */
  readonly offsetMinutes: (utcMs: number) => number
  /** The moment at which its clocks show this; of two, the first. */
  readonly toUtc: (localMs: number) => number
}

const fixed = (minutes: number): Zone => ({
  offsetMinutes: () => minutes,
  toUtc: (localMs) => localMs - minutes * 60_000,
})

/** Hours that abbreviations of the United States stand for, as Java knows them. */
const abbreviations: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
}

const byRules = (name: string): Zone | undefined => {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    const offsetMinutes = (utcMs: number): number => {
      const text = format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
      return minutesIn(text) ?? 0
    }
    return {
      offsetMinutes,
      toUtc: (localMs) => {
        const first = localMs - offsetMinutes(localMs) * 60_000
        return localMs - offsetMinutes(first) * 60_000
      },
    }
  } catch {
    return undefined
  }
}

/** Offsets such as `-8:00`, `GMT+2`, `+0530`, in minutes. */
const minutesIn = (text: string): number | undefined => {
  const found = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text)
  if (found === null) return /^(GMT|UTC|Z|UT)?$/i.test(text) ? 0 : undefined
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0)
  return found[1] === '-' ? -minutes : minutes
}

const known = new Map<string, Zone | undefined>()
const mostKnown = 1_000

/** The zone of a name (`Europe/Berlin`, `PST`) or an offset (`-8:00`, `GMT+2`); undefined: there is none. */
export const findZone = (name: string): Zone | undefined => {
  if (known.has(name)) return known.get(name)
  const minutes = minutesIn(name.trim())
  const zone = minutes === undefined ? byRules(abbreviations[name.toUpperCase()] ?? name) : fixed(minutes)
  if (known.size >= mostKnown) known.clear()
  known.set(name, zone)
  return zone
}

/** As `findZone`; what is no zone is UTC, as in Java. */
export const createZone = (name: string): Zone => findZone(name) ?? fixed(0)
