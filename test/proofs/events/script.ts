import type { Random } from '../support/random.ts'
import type { OrchardStyle } from './orchard.ts'
import type { Fate } from './orchard-vendor.ts'

/** What happens at the vendor. */
export type Deed =
  | { readonly do: 'create'; readonly count: number; readonly lateMs: number; readonly sameTime: boolean }
  | {
      readonly do: 'update'
      readonly picks: readonly number[]
      readonly lateMs: number
      readonly sameTime: boolean
    }
  | { readonly do: 'remove'; readonly pick: number }
  | { readonly do: 'jump'; readonly ms: number }

export type Setting =
  | { readonly set: 'interval'; readonly minutes: number }
  | { readonly set: 'page-size'; readonly rows: number }
  | { readonly set: 'delay'; readonly seconds: number }
  | { readonly set: 'callback'; readonly path: string }
  | { readonly set: 'events'; readonly on: boolean }
  | { readonly set: 'enabled'; readonly on: boolean }

/** What happens while a page is waited for. */
export type Meanwhile = {
  /** Of which request for a page, from 1. */
  readonly page: number
  readonly deeds: readonly Deed[]
  /** The page is read before, not after. */
  readonly readsFirst: boolean
  readonly ending: 'goes on' | 'restart' | 'takeover' | Setting
}

export type Step =
  | Deed
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'poll' }
  | { readonly do: 'poll-fails'; readonly page: number; readonly fate: Fate }
  | { readonly do: 'poll-slowly'; readonly meanwhile: Meanwhile }
  | { readonly do: 'cut-database' }
  | { readonly do: 'restart' }
  | { readonly do: 'configure'; readonly setting: Setting }
  /** What the receiver answers next. */
  | { readonly do: 'trouble'; readonly statuses: readonly number[] }

/** How rows are asked for. */
export interface Asking {
  /** By what changed since a moment, since the day of it, or all of them each time; a listing's times count by `all`. */
  readonly reads: 'moment' | 'day' | 'all'
  /** Only what was created is told (`filterByUpdatedDate: false`). */
  readonly createdOnly: boolean
}

/** The life of one instance and its vendor. */
export interface Script {
  readonly style: OrchardStyle
  readonly asking: Asking
  /** By how much the vendor's clock is ahead at first. */
  readonly offsetMs: number
  readonly pageSize: number
  readonly rowsBefore: number
  readonly steps: readonly Step[]
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 86_400_000

/** The longest that a row may hide, and be found. */
const longestLateMs = 110 * second

const deedOf = (random: Random, { kind }: OrchardStyle): Deed => {
  const lateMs = random.once(4) ? random.int(longestLateMs) : 0
  const sameTime = random.once(4)
  if (random.once(7)) return { do: 'jump', ms: jumpOf(random) }
  if (kind === 'listing' && random.once(4)) return { do: 'remove', pick: random.int(1_000) }
  if (random.once(2))
    return { do: 'update', picks: random.many(1, 4, () => random.int(1_000)), lateMs, sameTime }
  const count = random.once(60) ? 250 : random.once(8) ? 25 : 1 + random.int(4)
  return { do: 'create', count, lateMs, sameTime }
}

const jumpOf = (random: Random): number =>
  random.pick([1, -1]) *
  random.pick([2 * second, 4 * second, 8 * second, 40 * second, 5 * minute, hour, day, 40 * day])

const settingOf = (random: Random): Setting =>
  random.pick<Setting>([
    { set: 'interval', minutes: random.pick([60, 1_440, 10_080]) },
    { set: 'page-size', rows: random.pick([2, 5, 100]) },
    { set: 'delay', seconds: random.pick([0, 30, 3_600]) },
    { set: 'callback', path: random.pick(['a', 'b']) },
    { set: 'events', on: random.once(2) },
    { set: 'enabled', on: random.once(2) },
  ])

const meanwhileOf = (random: Random, style: OrchardStyle): Meanwhile => ({
  page: 1 + random.int(3),
  deeds: random.many(0, 3, () => deedOf(random, style)),
  readsFirst: random.once(2),
  ending: random.pick<Meanwhile['ending']>(['goes on', 'goes on', 'restart', 'takeover', settingOf(random)]),
})

const stepOf = (random: Random, style: OrchardStyle): Step => {
  const chance = random.int(20)
  if (chance < 7) return deedOf(random, style)
  if (chance < 9)
    return { do: 'pass', ms: random.pick([second, 20 * second, 100 * second, 3 * minute, hour, 3 * day]) }
  if (chance < 13) return { do: 'poll' }
  if (chance < 14)
    return {
      do: 'poll-fails',
      page: 1 + random.int(3),
      fate: random.pick<Fate>(['error', 'error', 'limit', 'not-json', 'cut']),
    }
  if (chance < 17) return { do: 'poll-slowly', meanwhile: meanwhileOf(random, style) }
  return random.pick<Step>([
    { do: 'configure', setting: settingOf(random) },
    { do: 'restart' },
    { do: 'cut-database' },
    { do: 'trouble', statuses: random.many(1, 3, () => random.pick([500, 503, 302])) },
  ])
}

/** The script of these choices. */
export const scriptOf = (random: Random): Script => {
  const style: OrchardStyle = {
    kind: random.once(5) ? 'listing' : 'dated',
    order: random.pick(['id', 'time']),
    resolutionMs: random.pick([1, 1, 1_000, 60_000]),
  }
  const script = {
    style,
    offsetMs: random.pick([0, 0, -3 * second, 90 * second, -hour, 5 * hour]),
    pageSize: random.pick([2, 3, 100]),
    rowsBefore: random.int(8),
    steps: random.many(6, 16, () => stepOf(random, style)),
  }
  return withAsking(random, script)
}

/** More rows than a poller remembers of what it need not read again, and time for them to become old. */
const crowd: readonly Step[] = [
  { do: 'create', count: 250, lateMs: 0, sameTime: false },
  { do: 'poll' },
  { do: 'pass', ms: hour },
  { do: 'create', count: 1, lateMs: 0, sameTime: false },
  { do: 'poll' },
  { do: 'poll' },
]

/** Chosen last, so that a seed has the scripts that it had before. */
const withAsking = (random: Random, script: Omit<Script, 'asking'>): Script => {
  if (script.style.kind === 'listing') return { ...script, asking: { reads: 'moment', createdOnly: false } }
  const asking = {
    reads: random.pick<Asking['reads']>(['moment', 'moment', 'day', 'all']),
    createdOnly: random.once(5),
  }
  const style: OrchardStyle =
    random.once(3) && asking.reads !== 'moment' ? { ...script.style, resolutionMs: day } : script.style
  if (asking.reads === 'moment' && !asking.createdOnly) return { ...script, asking }
  const at = random.int(script.steps.length)
  const steps = random.once(2) ? script.steps : script.steps.toSpliced(at, 0, ...crowd)
  return { ...script, style, asking, steps, pageSize: 100 }
}
