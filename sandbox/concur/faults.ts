import { type Fault, type FaultName, knownFaults } from './fault-list.ts'
import { chance } from './hash.ts'
import type { State } from './state.ts'

/** Which faults strike a call. The list itself is part of the state and survives a restart. */
export interface Faults {
  /** The fault that strikes this call of `operation`, counted down; undefined when none does. */
  strike(fault: FaultName, operation: string): Fault | undefined
  /** A standing one, without `rate` and `times`; nothing is counted. */
  standing(fault: FaultName, operation: string): Fault | undefined
}

/** So that faults with the same seed do not strike together. */
const saltOf = (fault: FaultName): number =>
  [...fault].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7)

export const createFaults = (state: State): Faults => {
  /** Calls seen by each fault with a rate: spreads the strikes evenly, or by the luck of a seed. */
  const seen = new WeakMap<Fault, number>()
  const applies = (item: Fault, fault: FaultName, operation: string) =>
    item.fault === fault && (item.operation === undefined || item.operation === operation)

  const strikesByRate = (item: Fault, rate: number): boolean => {
    const before = seen.get(item) ?? 0
    seen.set(item, before + 1)
    if (item.seed !== undefined) return chance(rate * 100, item.seed, before, saltOf(item.fault))
    return Math.floor((before + 1) * rate + 1e-9) > Math.floor(before * rate + 1e-9)
  }

  const countDown = (item: Fault, times: number): void => {
    const faults = state.memory.faults.flatMap((other) => {
      if (other !== item) return [other]
      return times <= 1 ? [] : [{ ...item, times: times - 1 }]
    })
    state.record({ kind: 'faults', faults })
  }

  const strikes = (item: Fault): boolean => {
    if (item.rate !== undefined && !strikesByRate(item, item.rate)) return false
    if (item.times !== undefined) countDown(item, item.times)
    return true
  }

  return {
    strike: (fault, operation) =>
      state.memory.faults.find((item) => applies(item, fault, operation) && strikes(item)),
    standing: (fault, operation) =>
      state.memory.faults.find(
        (item) => applies(item, fault, operation) && item.rate === undefined && item.times === undefined,
      ),
  }
}

/** A fault's value as a number, or `otherwise` when it has none. */
export const numberOf = (fault: Fault, otherwise: number): number => {
  const value = Number(fault.value ?? otherwise)
  return Number.isFinite(value) ? value : otherwise
}

const numeric = new Set<string>([
  'expire-tokens',
  'rate-limit',
  'rate-limit-date',
  'server-error',
  'slow',
  'slow-body',
  'oauth-error',
])
const choices: Partial<Record<string, readonly string[]>> = {
  'rotate-refresh': ['keep-old', 'kill-old'],
  'legacy-new-token': ['keep-old', 'kill-old'],
  'denied-status': ['401', '403'],
  'cut-connection': ['before', 'after'],
  ids: ['lenient', 'strict'],
  principals: ['lenient', 'strict'],
  'list-codes': ['keep', 'lose'],
  'error-shape': ['bare', 'void'],
  'update-status': ['200', '204'],
  'refresh-expires-in': ['absent', 'string', 'number'],
}
const needsValue = new Set<string>([
  'denied-status',
  'wrong-geolocation',
  'hostile-geolocation',
  'oauth-error',
  'ids',
  'principals',
  'list-codes',
  'error-shape',
  'update-status',
  'refresh-expires-in',
])

const checkValue = (name: string, value: unknown): string | null => {
  if (value === undefined || value === null) return needsValue.has(name) ? `value: ${name} needs one` : null
  if (typeof value !== 'string' && typeof value !== 'number') return 'value: a text or a number'
  const number = Number(value)
  if (numeric.has(name) && !(Number.isInteger(number) && number >= 0))
    return `value: ${name} takes a whole number`
  if (name === 'server-error' && (number < 500 || number > 599)) return 'value: server-error takes 500 to 599'
  const allowed = choices[name]
  return allowed === undefined || allowed.includes(String(value))
    ? null
    : `value: one of ${allowed.join(', ')}`
}

const checkCounts = (item: Record<string, unknown>, operations: readonly string[]): string | null => {
  const { operation, rate, times, seed } = item
  if (operation !== undefined && !operations.includes(String(operation))) {
    return `operation: one of ${operations.join(', ')}`
  }
  if (rate !== undefined && !(typeof rate === 'number' && rate > 0 && rate <= 1))
    return 'rate: above 0, at most 1'
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0))
    return 'times: a whole number above 0'
  if (seed !== undefined && (rate === undefined || !Number.isSafeInteger(seed)))
    return 'seed: a whole number, beside a rate'
  return rate !== undefined && times !== undefined ? 'rate, times: only one of the two' : null
}

const checkOne = (item: unknown, operations: readonly string[]): string | null => {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'each fault is an object'
  const fields = item as Record<string, unknown>
  const name = String(fields['fault'])
  if (!Object.hasOwn(knownFaults, name)) return `fault: one of ${Object.keys(knownFaults).join(', ')}`
  return checkCounts(fields, operations) ?? checkValue(name, fields['value'])
}

const keys = ['fault', 'operation', 'rate', 'seed', 'times', 'value'] as const

/** Reads the body of `PUT /sandbox/faults`: the list, or the sentence that says what is wrong. */
export const readFaults = (body: unknown, operations: readonly string[]): readonly Fault[] | string => {
  if (!Array.isArray(body))
    return 'send a list of {"fault", "operation"?, "rate"? (with "seed"?) or "times"?, "value"?}'
  for (const item of body) {
    const problem = checkOne(item, operations)
    if (problem !== null) return problem
  }
  return body.map((item: Record<string, unknown>) => {
    const kept = keys.filter((key) => item[key] !== undefined && item[key] !== null)
    return Object.fromEntries(kept.map((key) => [key, item[key]])) as unknown as Fault
  })
}
