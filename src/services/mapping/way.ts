import type { JsonObject } from '#src/lib/json.ts'
import {
  copyOf,
  type Draft,
  dropFrom,
  type Moving,
  membersWithout,
  move,
  read,
  type Segments,
  segmentsOf,
} from './move.ts'
import { arraysIn, type MapPath, printPath } from './path.ts'

/** One value on its way: from where to where. */
export interface Pair extends Moving {
  readonly source: MapPath
  readonly target: MapPath
}

/** How a row is made of another, one direction of a transformation. */
export interface WayPlan {
  readonly pairs: readonly Pair[]
  /** What is taken out of what passes, besides what is moved. */
  readonly removed: readonly MapPath[]
  /** Whether what is not mapped passes as it is. */
  readonly passes: boolean
  /** Names that never pass: they belong to the mapping even where it finds nothing to put there. */
  readonly owned: readonly MapPath[]
}

interface Step {
  readonly source: Segments
  readonly target: Segments
  readonly moving: Moving
  /** A whole value whose parts are mapped besides: what of it they take over, as paths of the result. */
  readonly parts: readonly Segments[]
}

const headOf = (path: MapPath): string | undefined => (path[0]?.kind === 'name' ? path[0].name : undefined)

const headsOf = (paths: readonly MapPath[]): ReadonlySet<string> =>
  new Set(paths.map(headOf).filter((name) => name !== undefined))

/** What of a path comes behind another; null where it does not begin with it. */
const behind = (path: MapPath, start: MapPath): MapPath | null => {
  if (path.length <= start.length) return null
  return printPath(path.slice(0, start.length)) === printPath(start) ? path.slice(start.length) : null
}

const partsOf = ({ source, target }: Pair, pairs: readonly Pair[]): readonly MapPath[] =>
  pairs.flatMap((other) => {
    const relative = behind(other.source, source)
    return relative === null || behind(other.target, target) === null ? [] : [[...target, ...relative]]
  })

/** A path as far as its first array; the whole path where it goes through none. */
const toArray = (path: MapPath): MapPath => {
  const at = path.findIndex(({ kind }) => kind === 'each')
  return at < 0 ? path : path.slice(0, at)
}

/** Arrays that are made of others: what passes under their name is another array, and must not be mixed in. */
const freshOf = (pairs: readonly Pair[]): readonly Pair[] =>
  pairs.filter(
    ({ source, target }) => arraysIn(target) > 0 && printPath(toArray(target)) !== printPath(toArray(source)),
  )

/**
 * Compiles one direction: what a row has is read once, nothing is looked up by text.
 * @returns a function that never changes what it is given.
 */
export const compileWay = ({ pairs, removed, passes, owned }: WayPlan): ((row: JsonObject) => JsonObject) => {
  const gone = [...pairs.map(({ source }) => source), ...removed]
  const single = [...gone, ...owned].filter(({ length }) => length === 1)
  const nested = gone.filter(({ length }) => length > 1)
  const left = headsOf(single)
  const copied = headsOf([...nested, ...pairs.map(({ target }) => target).filter(({ length }) => length > 1)])
  const drops = nested.map(segmentsOf)
  const fresh = freshOf(pairs).map(({ source, target }) => ({
    name: headOf(target) ?? '',
    source: toArray(source),
  }))
  const steps = [...pairs]
    .sort((one, two) => one.target.length - two.target.length)
    .flatMap((pair): Step[] => {
      const parts = partsOf(pair, pairs)
      // Of a whole whose parts are mapped, the rest passes only where such passes.
      if (parts.length > 0 && !passes) return []
      return [
        {
          source: segmentsOf(pair.source),
          target: segmentsOf(pair.target),
          moving: {
            convert: parts.length > 0 ? copyOf : pair.convert,
            otherwise: pair.otherwise,
          },
          parts: parts.map(segmentsOf),
        },
      ]
    })
  const passed = (row: JsonObject): Draft => {
    const made = membersWithout(row, left, copied)
    for (const path of drops) dropFrom(made, path)
    for (const { name, source } of fresh) if (read(row, source) !== undefined) delete made[name]
    return made
  }
  return (row) => {
    const made: Draft = passes ? passed(row) : {}
    for (const { source, target, moving, parts } of steps) {
      move(row, source, made, target, moving)
      for (const part of parts) dropFrom(made, part)
    }
    return made
  }
}
