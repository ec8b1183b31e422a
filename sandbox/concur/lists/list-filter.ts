import { Refused } from '../errors.ts'

/**
 * The filter grammar of List v4: `field=op:value`, and `field=value` for equal.
 * Follows: developer.concur.com, Lists v4 and List Item v4. Verified: 2026-08
 *
 * Decided here: texts compare without regard to case, `cp` is contains, dates and numbers compare as such.
 */
type Value = string | number | boolean

const tests: Readonly<Record<string, (value: Value, wanted: Value) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  not: (value, wanted) => value !== wanted,
  sw: (value, wanted) => String(value).startsWith(String(wanted)),
  ew: (value, wanted) => String(value).endsWith(String(wanted)),
  cp: (value, wanted) => String(value).includes(String(wanted)),
  gt: (value, wanted) => value > wanted,
  gte: (value, wanted) => value >= wanted,
  lt: (value, wanted) => value < wanted,
  lte: (value, wanted) => value <= wanted,
}

/** Fields that may be asked, and what a row has in them; several values: one must fit. */
export type Fields<Row> = Readonly<Record<string, (row: Row) => Value | readonly Value[]>>

const wantedAs = (like: Value | undefined, text: string): Value => {
  if (typeof like === 'number') return Number(text)
  if (typeof like === 'boolean') return text === 'true'
  return text.toLowerCase()
}

const plain = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value)
const several = (value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [value as Value]

const readOne = <Row>(
  read: (row: Row) => Value | readonly Value[],
  text: string,
): ((row: Row) => boolean) => {
  const mark = text.indexOf(':')
  const operator = mark < 0 ? undefined : text.slice(0, mark)
  const known = operator !== undefined && Object.hasOwn(tests, operator)
  const test = tests[known ? operator : 'eq']
  const rest = known ? text.slice(mark + 1) : text
  return (row) => several(read(row)).some((value) => test?.(plain(value), wantedAs(value, rest)) ?? false)
}

const notFilters = new Set(['page', 'sortBy', 'sortDirection'])

/**
 * Reads a query's filters and order. Rows marked as deleted are left out unless `isDeleted` is asked.
 * Throws `Refused` 400 for a field that cannot be asked.
 */
export const readListQuery = <Row>(
  query: URLSearchParams,
  fields: Fields<Row>,
): ((rows: readonly Row[]) => readonly Row[]) => {
  const asked = [...query].filter(([name, value]) => !notFilters.has(name) && value !== '')
  const wanted = asked.map(([name, text]) => {
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (read === undefined) throw new Refused(400, `${name} is no filter here`)
    return readOne(read, text)
  })
  const gone = fields['isDeleted']
  if (gone !== undefined && !query.has('isDeleted')) wanted.push((row) => gone(row) === false)
  const sortBy = query.get('sortBy')
  const key = sortBy === null || sortBy === '' ? undefined : fields[sortBy]
  if (sortBy !== null && sortBy !== '' && key === undefined) throw new Refused(400, 'sortBy: no such field')
  const sign = query.get('sortDirection')?.toLowerCase() === 'desc' ? -1 : 1
  const compare = (one: Row, other: Row): number => {
    const [first, second] = [
      plain(several(key?.(one) ?? '')[0] ?? ''),
      plain(several(key?.(other) ?? '')[0] ?? ''),
    ]
    return first === second ? 0 : sign * (first < second ? -1 : 1)
  }
  return (rows) => {
    const found = rows.filter((row) => wanted.every((test) => test(row)))
    return key === undefined ? found : [...found].sort(compare)
  }
}
