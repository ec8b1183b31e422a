/** Faults that a test switches on, by name, with what each does. */
export const knownFaults = {
  'rate-limit': '429 TEN_SECONDLY_ROLLING, with Retry-After of `value` seconds when a value is given',
  'daily-limit': '429 DAILY',
  'server-error': 'a failure with status `value` (default 500)',
  'cut-connection': 'the connection ends without a reply, before anything is done',
  'malformed-body': 'the body is half of what it should be and then nonsense',
  'search-lag': 'searches do not find what was written in the last `value` seconds',
} as const

export type FaultName = keyof typeof knownFaults

/** `operation` limits it to one, `times` says how often; without it: always. */
export interface Fault {
  readonly fault: FaultName
  readonly operation?: string
  readonly times?: number
  readonly value?: number
}

const isFault = (item: unknown): item is Fault =>
  typeof item === 'object' &&
  item !== null &&
  'fault' in item &&
  Object.hasOwn(knownFaults, String(item.fault))

/** Reads the body of `PUT /sandbox/faults`; undefined: it is no list of faults. */
export const readFaults = (body: unknown): readonly Fault[] | undefined =>
  Array.isArray(body) && body.every(isFault) ? body : undefined

/** The list after one strike, and the fault that struck; undefined: none does. */
export const struck = (
  faults: readonly Fault[],
  name: FaultName,
  operation: string,
): { readonly fault: Fault; readonly left: readonly Fault[] } | undefined => {
  const fault = faults.find((item) => item.fault === name && (item.operation ?? operation) === operation)
  if (fault === undefined) return undefined
  const { times } = fault
  if (times === undefined) return { fault, left: faults }
  const left = faults.flatMap((item) => {
    if (item !== fault) return [item]
    return times <= 1 ? [] : [{ ...item, times: times - 1 }]
  })
  return { fault, left }
}
