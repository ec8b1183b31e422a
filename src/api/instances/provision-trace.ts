import type { JsonObject } from '#src/lib/json.ts'

/** Clients write switches as true or "true". */
export const isOn = (value: unknown): boolean => value === true || value === 'true'

/** The same for one that is on unless it is said. */
export const isOff = (value: unknown): boolean => value === false || value === 'false'

/**
 * The header that names the trace of a provisioning sent with `debug` (spec/behaviour.md 2). A trace is the
 * call's row in the request log, so it has the request's id.
 */
export const traceHeaders = (
  providerData: JsonObject | undefined,
  requestId: string,
): { readonly 'elements-trace-id': string | undefined } => ({
  'elements-trace-id': isOn(providerData?.debug) ? requestId : undefined,
})
