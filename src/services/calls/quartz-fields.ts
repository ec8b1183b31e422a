/** One field of a Quartz expression: its name in errors, its numbers, its words, and what it knows besides. */
export interface QuartzField {
  readonly name: string
  readonly from: number
  readonly to: number
  /** The words that stand for its numbers, from `from` on. */
  readonly words?: readonly string[]
  /** By so much less croner counts: Quartz has SUN as 1, croner as 0. */
  readonly shift?: number
  /** Items that are no numbers: as croner writes them, undefined for what is none. */
  readonly special?: (item: string, numberOf: NumberOf) => string | undefined
  /** A range may run over its end, such as 22-2. */
  readonly wraps: boolean
}

/** A number or word of a field, as Quartz counts; undefined when it is none. */
export type NumberOf = (text: string) => number | undefined

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const saturday = 7

/** `L` is the last day, `LW` the last weekday from Monday to Friday, `15W` the one nearest to the 15th. */
const specialDay = (item: string, numberOf: NumberOf): string | undefined => {
  if (item === 'L' || item === 'LW') return item
  const [, day = ''] = /^(.+)W$/.exec(item) ?? []
  const number = numberOf(day)
  return number === undefined ? undefined : `${number}W`
}

/** `6L` is the month's last Friday, `6#3` its third; `L` alone is Saturday. */
const specialWeekday = (item: string, numberOf: NumberOf): string | undefined => {
  if (item === 'L') return String(saturday - 1)
  const [, word = '', nth = ''] = /^(.+?)(L|#[1-5])$/.exec(item) ?? []
  const number = numberOf(word)
  return number === undefined ? undefined : `${number - 1}#${nth.replace('#', '')}`
}

/** The fields in their order (Quartz, CronExpression); the last may be left out. */
export const quartzFields: readonly QuartzField[] = [
  { name: 'seconds', from: 0, to: 59, wraps: true },
  { name: 'minutes', from: 0, to: 59, wraps: true },
  { name: 'hours', from: 0, to: 23, wraps: true },
  { name: 'day of month', from: 1, to: 31, wraps: true, special: specialDay },
  { name: 'month', from: 1, to: 12, wraps: true, words: months },
  { name: 'day of week', from: 1, to: 7, wraps: true, words: weekdays, shift: 1, special: specialWeekday },
  { name: 'year', from: 1970, to: 2099, wraps: false },
]

const numberIn = ({ from, to, words = [] }: QuartzField, text: string): number | undefined => {
  const word = words.indexOf(text)
  if (word !== -1) return from + word
  const number = Number(text)
  return /^\d{1,4}$/.test(text) && number >= from && number <= to ? number : undefined
}

const range = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step)

interface Span {
  readonly first: number | undefined
  readonly last: number | undefined
}

/** From where to where an item runs: `5/15` to the end of the field, `5` alone does not. */
const spanOf = (field: QuartzField, start: string, end: string | undefined, hasStep: boolean): Span => {
  if (start === '' || start === '*')
    return { first: field.from, last: end === undefined ? field.to : undefined }
  const first = numberIn(field, start)
  if (end !== undefined) return { first, last: numberIn(field, end) }
  return { first, last: hasStep ? field.to : first }
}

/** The numbers of `a`, `a-b`, `a/n`, `a-b/n`, a star with a step, and `/n`; undefined for what is none of these. */
const numbersOf = (field: QuartzField, item: string): readonly number[] | undefined => {
  const [, start = '', end, step] = /^([A-Z0-9]*|\*)(?:-([A-Z0-9]+))?(?:\/(\d{1,4}))?$/.exec(item) ?? []
  const size = field.to - field.from + 1
  const every = Number(step ?? 1)
  if (every < 1 || every > size || (start === '' && step === undefined)) return undefined
  const { first, last } = spanOf(field, start, end, step !== undefined)
  if (first === undefined || last === undefined) return undefined
  if (last >= first) return range(first, last, every)
  if (!field.wraps) return undefined
  return range(first, last + size, every).map((one) => (one > field.to ? one - size : one))
}

/**
 * One field as croner writes it: `*`, or numbers and special items in a list, without steps or ranges.
 * @returns undefined when it is none of Quartz.
 */
export const convertField = (field: QuartzField, text: string): string | undefined => {
  if (text === '*') return '*'
  const found = new Set<string>()
  for (const item of text.split(',')) {
    const numbers = numbersOf(field, item)
    const special = numbers === undefined ? field.special?.(item, (one) => numberIn(field, one)) : undefined
    if (numbers === undefined && special === undefined) return undefined
    for (const one of numbers ?? []) found.add(String(one - (field.shift ?? 0)))
    if (special !== undefined) found.add(special)
  }
  return [...found].join(',')
}
