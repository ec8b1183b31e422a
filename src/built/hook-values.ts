import type { Expression } from '#src/ceql/index.ts'
import type { VendorPort } from '#src/element/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Asked, Outcome } from './asked.ts'
import type { Operation } from './operation.ts'
import { spineTerms } from './spine.ts'
import { asText } from './values.ts'
import type { Draft } from './vendor-request.ts'

/** What a hook is told, by name (spec/contract.md 2.1; spec/behaviour.md 15). */
export type HookValues = Readonly<Record<string, Json>>

const mapOf = (body: Json | undefined): JsonObject => (isJsonObject(body) ? body : {})

/** The terms of `where` that must all hold, as hooks of Cloud Elements see them. */
const expressionOf = (where: Expression | null): Json =>
  where === null
    ? []
    : spineTerms(where).flatMap((term) => {
        if (term.kind !== 'comparison') return []
        const value = 'value' in term.value ? term.value.value : term.value.text
        return [{ attribute: term.field, operator: term.operator, value }]
      })

/** What both kinds of hooks are told. */
export const requestValues = (
  operation: Operation,
  asked: Asked,
  draft: Draft,
  port: Pick<VendorPort, 'configuration'>,
  elementKey: string,
): HookValues => {
  const configuration = port.configuration()
  const base = configuration['base.url'] ?? ''
  return {
    request_path: `/${operation.segments.join('/')}`,
    request_method: operation.method,
    request_headers: asked.headers,
    request_body: asked.body ?? null,
    request_body_map: mapOf(asked.body),
    request_parameters: asked.query,
    request_path_variables: asked.path,
    request_expression: expressionOf(asked.where),
    request_vendor_url: `${base}${draft.path}`,
    request_vendor_path: draft.path,
    request_vendor_method: draft.method,
    request_vendor_headers: draft.headers,
    request_vendor_parameters: draft.query,
    request_vendor_body: draft.body ?? null,
    request_vendor_body_map: mapOf(draft.body),
    request_previous_response: asked.previous?.body ?? null,
    request_previous_response_headers: asked.previous?.headers ?? {},
    configuration,
    meta_data: { elementKey, objectName: operation.objectName },
  }
}

/** What a hook after the vendor's reply is told besides. */
export const replyValues = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Json | undefined,
): HookValues => ({
  response_body: body ?? null,
  response_body_map: mapOf(body),
  response_headers: headers,
  response_status_code: status,
  response_iserror: status >= 400,
  response_error: status >= 400 ? asText(body ?? '') : null,
})

/** A JSON text as what it says; other values as they are. */
const read = (value: Json): Json => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as Json
  } catch {
    return value
  }
}

/** Names laid over others; null takes one away (spec/behaviour.md 15). */
const texts = (
  before: Readonly<Record<string, string>>,
  given: Json | undefined,
  name: (text: string) => string,
): Readonly<Record<string, string>> => {
  if (!isJsonObject(given)) return before
  const kept = Object.entries(before).filter(([key]) => !Object.keys(given).some((one) => name(one) === key))
  const set = Object.entries(given).flatMap(([key, value]): [string, string][] =>
    value === null ? [] : [[name(key), asText(value)]],
  )
  return Object.fromEntries([...kept, ...set])
}

const lower = (text: string): string => text.toLowerCase()
const same = (text: string): string => text

const methodIn = (given: Json | undefined, before: Draft['method']): Draft['method'] => {
  const text = typeof given === 'string' ? given.toUpperCase() : ''
  return (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((method) => method === text) ?? before
}

/** The path that a hook names, alone or in a whole address; only the base URL's own host is ever called. */
const pathIn = (
  answer: JsonObject,
  draft: Draft,
  base: string,
): { path: string; query: Record<string, string> } => {
  const { request_vendor_url: url, request_vendor_path: named } = answer
  const told = typeof named === 'string' && named !== draft.path ? named : undefined
  const whole =
    typeof url === 'string' && base !== '' && url.startsWith(base) ? url.slice(base.length) : undefined
  const text = told ?? whole ?? draft.path
  const [path = '', query = ''] = text.split(/\?(.*)/s, 2)
  return {
    path: path.startsWith('/') ? path : `/${path}`,
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

const bodyIn = (answer: JsonObject, raw: string, map: string, before: Json | undefined): Json | undefined => {
  for (const name of [raw, map]) {
    const given = answer[name]
    if (given === null && Object.hasOwn(answer, name)) return undefined
    if (given !== undefined) return read(given)
  }
  return before
}

/** A draft as a preRequest hook leaves it. */
export const draftAfter = (answer: JsonObject, draft: Draft, base: string): Draft => {
  const { path, query } = pathIn(answer, draft, base)
  const parameters = texts(draft.query, answer.request_vendor_parameters, same)
  return {
    ...draft,
    method: methodIn(answer.request_vendor_method, draft.method),
    path,
    query: { ...query, ...parameters },
    headers: texts(draft.headers, answer.request_vendor_headers, lower),
    body: bodyIn(answer, 'request_vendor_body', 'request_vendor_body_map', draft.body),
  }
}

/** What is asked, as a preRequest hook leaves it for the hooks and operations that come after. */
export const askedAfter = (answer: JsonObject, asked: Asked): Asked => ({
  ...asked,
  query: texts(asked.query, answer.request_parameters, same),
  headers: texts(asked.headers, answer.request_headers, lower),
  body: bodyIn(answer, 'request_body', 'request_body_map', asked.body),
})

const statusIn = (given: Json | undefined, before: number): number => {
  const status = Number(given)
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : before
}

/** A reply as a hook leaves it. `response_error` is an error whatever the status. */
export const outcomeAfter = (answer: JsonObject, outcome: Outcome): Outcome & { readonly error?: string } => {
  const { response_error: error, response_iserror: isError } = answer
  const status = statusIn(answer.response_status_code, outcome.status)
  const told = error !== undefined && error !== null && error !== '' ? asText(error) : undefined
  return {
    ...outcome,
    status: isError === false && status >= 400 ? 200 : status,
    headers: texts(outcome.headers, answer.response_headers, lower),
    body: bodyIn(answer, 'response_body', 'response_body_map', outcome.body),
    configuration: texts(outcome.configuration ?? {}, answer.configuration, same),
    ...(told === undefined || isError === false ? {} : { error: told }),
  }
}
