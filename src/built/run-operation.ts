import type { PortReply, PortRequest, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json } from '#src/lib/json.ts'
import type { Asked, Outcome } from './asked.ts'
import { askedAfter, draftAfter, outcomeAfter, replyValues, requestValues } from './hook-values.ts'
import { type HookPlace, runHook } from './hooks.ts'
import { type Operation, operationNamed } from './operation.ts'
import { valueAt, withValueAt } from './root-key.ts'
import { asText, configuredOf } from './values.ts'
import { type Draft, type DraftFile, draftOf, multipart, urlEncoded } from './vendor-request.ts'

/** All that the operations of one element share. */
export interface Built {
  readonly elementKey: string
  readonly operations: readonly Operation[]
  /** Default values of configuration keys. */
  readonly defaults: Readonly<Record<string, string>>
  readonly hooks: HookPlace
}

/** Operations that may follow one another (spec/behaviour.md 15). */
const longestChain = 5

const boundary = 'amalgam-form-1b3f9c7a5d'

const multipartText = (fields: Readonly<Record<string, Json>>): string =>
  `${Object.entries(fields)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name.replaceAll('"', '%22')}"\r\n\r\n${asText(value)}\r\n`,
    )
    .join('')}--${boundary}--\r\n`

const formText = (fields: Readonly<Record<string, Json>>): string =>
  new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, asText(value)]),
  ).toString()

/** The body as its content type has it. */
const bodyOf = ({ body, headers }: Draft): Pick<PortRequest, 'body' | 'text'> => {
  if (body === undefined) return {}
  const told = headers['content-type']
  const type = told?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === urlEncoded && isJsonObject(body))
    return { text: { contentType: urlEncoded, text: formText(body) } }
  if (type === multipart && isJsonObject(body))
    return { text: { contentType: `${multipart}; boundary=${boundary}`, text: multipartText(body) } }
  if (typeof body === 'string') return { text: { contentType: told ?? 'text/plain', text: body } }
  return told === undefined ? { body } : { text: { contentType: told, text: JSON.stringify(body) } }
}

/** A file that goes out, and the texts beside it. */
const fileOf = ({ file, part }: DraftFile, { body, headers }: Draft): Pick<PortRequest, 'file' | 'form'> => {
  if (part === undefined) return { file: { ...file, type: headers['content-type'] ?? file.type } }
  const texts = Object.entries(isJsonObject(body) ? body : {}).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, asText(value)]],
  )
  return { form: { texts: Object.fromEntries(texts), file, part } }
}

const requestOf = (draft: Draft): PortRequest => {
  const { 'content-type': _type, ...headers } = draft.headers
  return {
    method: draft.method,
    path: draft.path,
    query: draft.query,
    headers,
    ...(draft.file === undefined ? bodyOf(draft) : fileOf(draft.file, draft)),
    ...(draft.tokenIn === undefined ? {} : { tokenIn: draft.tokenIn }),
    accepts: 'any',
  }
}

const bodyIn = ({ body, text }: PortReply): Json | undefined => {
  if (body !== undefined) return body
  return text === '' ? undefined : text
}

/** What a hook says is an error, told with its status. */
const hookError = (words: string, status: number): AppError => {
  const code =
    status === 404 ? 'provider-not-found' : status === 409 ? 'provider-conflict' : 'provider-refused'
  return new AppError(code, words, { hop: 'provider', providerStatus: status >= 400 ? status : 400 })
}

interface Before {
  readonly asked: Asked
  readonly draft: Draft
  /** What a hook answered in place of the vendor. */
  readonly instead?: Outcome
}

const noReply: Outcome = { status: 200, headers: {}, body: undefined, raw: undefined }

/** Runs the hooks before the vendor is asked. */
const beforeVendor = async (
  built: Built,
  operation: Operation,
  port: VendorPort,
  start: Before,
): Promise<Before> => {
  let { asked, draft } = start
  const base = port.configuration()['base.url'] ?? ''
  for (const hook of operation.before) {
    const values = requestValues(operation, asked, draft, port, built.elementKey)
    const answer = await runHook(built.hooks, hook, operation.name, values)
    asked = askedAfter(answer, asked)
    draft = draftAfter(answer, draft, base)
    const { error, ...outcome } = outcomeAfter(answer, noReply)
    if (error !== undefined) throw hookError(error, outcome.status)
    if (answer.continue === false) {
      if (outcome.status >= 400) throw hookError(asText(outcome.body ?? 'refused by a hook'), outcome.status)
      return { asked, draft, instead: { ...outcome, raw: outcome.body } }
    }
  }
  return { asked, draft }
}

/** Runs the hooks after it; they see refusals, too, and may make good replies of them. */
const afterVendor = async (
  built: Built,
  operation: Operation,
  port: VendorPort,
  { asked, draft }: Before,
  reply: Outcome,
): Promise<Outcome & { readonly error?: string }> => {
  let outcome: Outcome & { readonly error?: string } = reply
  for (const hook of operation.after) {
    const values = {
      ...requestValues(operation, asked, draft, port, built.elementKey),
      ...replyValues(outcome.status, outcome.headers, outcome.body),
    }
    outcome = outcomeAfter(await runHook(built.hooks, hook, operation.name, values), outcome)
  }
  return outcome
}

/** Values that parameters of a reply take out of it, of one kind. */
const replyValuesOf = (
  { parameters }: Operation,
  { headers, raw }: Outcome,
  kind: 'bodyField' | 'configuration',
): readonly (readonly [name: string, value: Json])[] =>
  parameters.flatMap(({ source, type, name, vendorType, vendorName }): [string, Json][] => {
    if (source?.trim().toLowerCase() !== 'response' || type !== kind) return []
    const from = vendorName?.trim() || name
    const value = vendorType === 'header' ? headers[from.toLowerCase()] : valueAt(raw, from)
    return value === undefined ? [] : [[name, value]]
  })

/** What is answered, with the values that parameters of the reply put into it. */
const withReplyFields = (operation: Operation, outcome: Outcome): Json | undefined => {
  const { body } = outcome
  if (body !== undefined && !isJsonObject(body)) return body
  const put = replyValuesOf(operation, outcome, 'bodyField')
  return put.length === 0
    ? body
    : put.reduce((made, [name, value]) => withValueAt(made, name, value), body ?? {})
}

/** What is to be kept in the configuration: of the reply, then of hooks. */
const keptOf = (operation: Operation, outcome: Outcome): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    replyValuesOf(operation, outcome, 'configuration').map(([name, value]) => [name, asText(value)]),
  ),
  ...outcome.configuration,
})

/** What a reply answers at the root key; where a hook has already taken it out, what it left. */
const rooted = ({ rootKey }: Operation, { body, raw }: Outcome): Json | undefined => {
  if (rootKey.response === '') return body
  const found = valueAt(body, rootKey.response)
  if (found !== undefined) return found
  return body === raw ? undefined : body
}

const runOne = async (
  built: Built,
  operation: Operation,
  port: VendorPort,
  start: Before,
): Promise<Outcome> => {
  const before = await beforeVendor(built, operation, port, start)
  if (before.instead !== undefined) {
    const { error, ...outcome } = await afterVendor(built, operation, port, before, before.instead)
    if (error !== undefined) throw hookError(error, outcome.status)
    return outcome
  }
  const request = requestOf(before.draft)
  const reply = await port.exchange(request)
  const raw = bodyIn(reply)
  const { error, ...outcome } = await afterVendor(built, operation, port, before, {
    status: reply.status,
    headers: reply.headers,
    body: raw,
    raw,
  })
  if (error !== undefined) throw hookError(error, outcome.status)
  if (outcome.status >= 300) {
    if (outcome.status === reply.status && outcome.body === raw) throw port.refusal(request, reply)
    throw hookError(asText(outcome.body ?? ''), outcome.status)
  }
  return {
    ...outcome,
    body: withReplyFields(operation, { ...outcome, body: rooted(operation, outcome) }),
    configuration: keptOf(operation, outcome),
  }
}

/** @throws AppError `not-here` for what runs at its maker's only. */
const checkOwn = ({ isForeign }: Operation): void => {
  if (isForeign) throw new AppError('not-here', 'This API is not currently supported for this element')
}

/**
 * The request whose reply is the file that an operation answers; hooks before the vendor is asked have seen it.
 * @throws AppError as `runOperation`, and `bad-request` where a hook answers in place of the vendor.
 */
export const fileRequestOf = async (
  built: Built,
  operation: Operation,
  port: VendorPort,
  asked: Asked,
): Promise<PortRequest> => {
  checkOwn(operation)
  const draft = draftOf(operation, asked, configuredOf(port, built.defaults))
  const before = await beforeVendor(built, operation, port, { asked, draft })
  if (before.instead !== undefined)
    throw new AppError(
      'bad-request',
      `preRequest hook of ${operation.name}: it answered in place of the provider, and the answer is a file.`,
    )
  const request = requestOf(before.draft)
  // What logs in asks for JSON everywhere.
  return { ...request, headers: { accept: '*/*', ...request.headers } }
}

/**
 * Runs an operation and what is chained after it (spec/contract.md 2.1, `nextResource`).
 * @param extra parameters for the vendor that no parameter of the operation fills.
 * @returns what the last one answered, and what the first did.
 * @throws AppError `bad-request` naming what is missing or a hook that fails, and as the vendor's refusal means.
 */
export const runOperation = async (
  built: Built,
  operation: Operation,
  port: VendorPort,
  asked: Asked,
  extra: Readonly<Record<string, string>> = {},
): Promise<{ readonly first: Outcome; readonly last: Outcome }> => {
  let first: Outcome | undefined
  let current = operation
  let now = asked
  for (let link = 0; ; link += 1) {
    checkOwn(current)
    const draft = draftOf(current, now, configuredOf(port, built.defaults))
    const whole = link === 0 ? { ...draft, query: { ...draft.query, ...extra } } : draft
    const outcome = await runOne(built, current, port, { asked: now, draft: whole })
    first ??= outcome
    if (current.nextResource === '') return { first, last: outcome }
    if (link >= longestChain) throw chainTooLong(operation)
    const next = operationNamed(built.operations, current.nextResource)
    if (next === undefined) {
      throw new AppError(
        'bad-request',
        `nextResource of ${current.name}: the element has no ${current.nextResource}.`,
      )
    }
    current = next
    now = { ...now, previous: { body: outcome.body, headers: outcome.headers } }
  }
}

const chainTooLong = ({ name }: Operation): AppError =>
  new AppError(
    'bad-request',
    `nextResource of ${name}: at most ${longestChain} resources follow one another.`,
  )
