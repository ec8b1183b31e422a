import { AppError } from '#src/lib/errors.ts'

/**
 * One step into a row: a member, every item of an array, the item of that index, the first item whose member has that
 * value, or how many items there are.
 */
export type MapStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'each' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'match'; readonly member: string; readonly value: string }
  | { readonly kind: 'size' }

export type MapPath = readonly MapStep[]

const mostSteps = 20

const wrong = (where: string, text: string, fix: string): AppError =>
  new AppError('bad-request', `${where}: '${text.slice(0, 100)}' is no path. ${fix}`)

const unquoted = (text: string): string => text.trim().replace(/^(['"])(.*)\1$/, '$2')

/** What stands in brackets: `*`, `0`, `id=4`, `?(@.id==2)`. */
const bracketStep = (inner: string): MapStep | null => {
  if (inner === '*') return { kind: 'each' }
  if (/^\d{1,3}$/.test(inner)) return { kind: 'index', index: Number(inner) }
  const condition =
    /^\?\(\s*@\.([^=]+?)\s*==\s*(.+?)\s*\)$/.exec(inner) ?? /^([^=?]+?)\s*=\s*(.+)$/.exec(inner)
  if (condition === null) return null
  const [, member = '', value = ''] = condition
  return { kind: 'match', member, value: unquoted(value) }
}

/** The parts between dots; dots in brackets divide nothing. */
const partsOf = (text: string): readonly string[] => text.match(/(?:\[[^\]]*\]|[^.[\]])+/g) ?? []

const partSteps = (part: string): readonly (MapStep | null)[] => {
  const [, name = '', brackets = ''] = /^([^[\]]*)((?:\[[^\]]*\])*)$/.exec(part) ?? []
  const inner = [...brackets.matchAll(/\[([^\]]*)\]/g)].map(([, text = '']) => bracketStep(text.trim()))
  if (name === 'size()') return [{ kind: 'size' }, ...inner]
  return name === '' ? [null] : [{ kind: 'name', name }, ...inner]
}

/** `Rows[*]` is the array as `Rows` is: every item of it, whole. */
const trimmed = (path: MapPath): MapPath => (path.at(-1)?.kind === 'each' ? trimmed(path.slice(0, -1)) : path)

/**
 * Reads a path of a mapping (spec/contract.md 8): names with dots, `[*]`, and of a vendor's row also `[0]`, `[id=4]`,
 * `[?(@.id==2)]` and `size()` at its end.
 * @param whole a field's own name may hold dots: then it is one step.
 * @throws AppError `bad-request` naming `where`.
 */
export const parsePath = (
  where: string,
  text: string,
  whole: (name: string) => boolean = () => false,
): MapPath => {
  if (whole(text)) return [{ kind: 'name', name: text }]
  const parts = partsOf(text)
  const fix =
    'Write names with dots, [*] for every item, as in lines[*].label, [0], [id=4] or .size() at the end.'
  if (parts.length === 0 || parts.join('.') !== text) throw wrong(where, text, fix)
  const steps = parts.flatMap(partSteps)
  const sizeAt = steps.findIndex((step) => step?.kind === 'size')
  const known = steps.filter((step) => step !== null)
  if (known.length < steps.length || known.length > mostSteps) throw wrong(where, text, fix)
  if (sizeAt >= 0 && sizeAt < steps.length - 1) throw wrong(where, text, fix)
  return trimmed(known.filter((step, at) => step.kind !== 'each' || known[at + 1]?.kind !== 'size'))
}

/** A path of a common resource. @throws AppError `bad-request` where it is more than names and `[*]`. */
export const parseCommonPath = (where: string, text: string): MapPath => {
  const path = parsePath(where, text)
  if (path.every(({ kind }) => kind === 'name' || kind === 'each')) return path
  throw wrong(where, text, 'A path of a common resource is names with dots, and [*] for every item.')
}

/** How many arrays a path goes through. */
export const arraysIn = (path: MapPath): number => path.filter(({ kind }) => kind === 'each').length

const printers: { readonly [K in MapStep['kind']]: (step: Extract<MapStep, { kind: K }>) => string } = {
  name: ({ name }) => `.${name}`,
  each: () => '[*]',
  index: ({ index }) => `[${index}]`,
  match: ({ member, value }) => `[${member}=${value}]`,
  size: () => '.size()',
}

/** A path as one text, the same for the same path. */
export const printPath = (path: MapPath): string =>
  path
    .map((step) => printers[step.kind](step as never))
    .join('')
    .replace(/^\./, '')
