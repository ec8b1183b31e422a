import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Holds replies of services without a machine-readable schema against the pages' example payloads, where a
 * copy of them stands beside the project: no field that the example lacks, none of another kind.
 */
const folder = join(process.cwd(), '../shared/concur-samples')

const config = 'expense-expense-config-v4.expense.config'
const localities = 'common-locations-v5.localities'
const samples: readonly (readonly [path: RegExp, file: string])[] = [
  [/^\/expenseconfig\/v4\/users\/[^/]+\/policies\/[^/]+\/expensetypes$/, `${config}/2.json`],
  [/^\/expenseconfig\/v4\/users\/[^/]+\/paymenttypes$/, `${config}/3.json`],
  [/^\/expenseconfig\/v4\/users\/[^/]+\/attendeetypes$/, `${config}/4.json`],
  [/^\/expenseconfig\/v4\/users\/[^/]+\/groupconfigs$/, `${config}/5.json`],
  [/^\/expenseconfig\/v4\/companies\/[^/]+\/groupconfigs\/[^/]+$/, `${config}/5.json`],
  [/^\/expenseconfig\/v4\/companies\/[^/]+\/groupconfigs$/, `${config}/6.json`],
  [/^\/localities\/v5\/countries\/[^/]+$/, `${localities}/2.json`],
  [/^\/localities\/v5\/locations$/, `${localities}/3.json`],
  [/^\/localities\/v5\/locations\/[^/]+$/, `${localities}/4.json`],
  [/^\/localities\/v5\/subdivisions\/[^/]+$/, `${localities}/6.json`],
  [/^\/localities\/v5\/adminRegions\/[^/]+$/, `${localities}/8.json`],
  [
    /^\/quickexpense\/v4\/users\/[^/]+\/context\/[^/]+\/quickexpenses(?:\/image)?$/,
    'expense-quick-expense-v4.quick-expense/1.json',
  ],
]

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value)

/** All members of a list as one, so that a field of any counts. */
const merged = (values: readonly unknown[]): unknown => {
  const rows = values.filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  return rows.length === 0 ? values[0] : (Object.assign({}, ...[...rows].reverse()) as unknown)
}

/** Places where a reply has what its example lacks. Null fits anything, in both. */
const differences = (name: string, sample: unknown, value: unknown): string[] => {
  if (value === null || value === undefined || sample === null || sample === undefined) return []
  if (Array.isArray(value)) {
    // A list of groups is documented by one group alone.
    const like = Array.isArray(sample) ? merged(sample) : sample
    return value.flatMap((member) => differences(`${name}[]`, like, member))
  }
  if (kindOf(sample) !== kindOf(value)) return [`${name}: is no ${kindOf(sample)}`]
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const like = sample as Record<string, unknown>
    return key in like
      ? differences(`${name}.${key}`, like[key], inner)
      : [`${name}.${key}: not in the example`]
  })
}

/** What differs; undefined when there is no example for the reply. */
export const againstSample = (path: string, status: number, body: unknown): string[] | undefined => {
  const file = samples.find(([pattern]) => pattern.test(path))?.[1]
  if (file === undefined || status >= 300 || !existsSync(join(folder, file))) return undefined
  const sample = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown
  return differences(file, sample, body)
}

/** Whether an example stands for an address. */
export const hasSample = (method: string, path: string): boolean =>
  (method === 'GET' || path.startsWith('/quickexpense/')) && samples.some(([pattern]) => pattern.test(path))
