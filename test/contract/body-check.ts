import type { ValidateFunction } from 'ajv'
import { isJsonObject, type Json } from '#src/lib/json.ts'
import type { Tapped } from '../support/tap.ts'
import { asRequest } from './json-schema.ts'
import type { PublishedOperation } from './published.ts'

/** A parameter of an operation, of either format. */
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: Readonly<Record<string, Json>>
}

/** What an operation takes as its body. */
export interface BodySchema {
  readonly required: boolean
  /** Media types; empty: the file says nothing of them. */
  readonly types: readonly string[]
  /** Undefined: it is no JSON. */
  readonly schema: Json | undefined
  /** Fields of a form. */
  readonly form: readonly Parameter[]
}

const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.map(String) : []

/** Undefined: the operation takes none. */
export const bodySchemaOf = (
  { about, document }: PublishedOperation,
  parameters: readonly Parameter[],
): BodySchema | undefined => {
  const { requestBody } = about
  if (isJsonObject(requestBody)) {
    const content = isJsonObject(requestBody['content']) ? requestBody['content'] : {}
    const json = content['application/json']
    return {
      required: requestBody['required'] === true,
      types: Object.keys(content),
      schema: isJsonObject(json) ? asRequest(json['schema']) : undefined,
      form: [],
    }
  }
  const types = textsIn(about['consumes'] ?? document['consumes'])
  const form = parameters.filter((parameter) => parameter.in === 'formData')
  const whole = parameters.find((parameter) => parameter.in === 'body')
  if (whole !== undefined) {
    const schema = whole.schema['format'] === 'binary' ? undefined : asRequest(whole.schema)
    return { required: whole.required, types, schema, form }
  }
  return form.length > 0 ? { required: true, types, schema: undefined, form } : undefined
}

/** What a schema says of a value. */
export const words = (where: string, validate: ValidateFunction, value: unknown): string[] =>
  validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message, params }) => {
        const more = params['additionalProperty'] ?? params['allowedValues']
        return `${where}${instancePath}: ${message ?? 'does not fit'}${more === undefined ? '' : ` (${String(more)})`}`
      })

const mediaType = ({ headers }: Tapped): string => (headers['content-type'] ?? '').split(';', 1)[0] ?? ''

const typeProblems = (request: Tapped, { types }: BodySchema): string[] => {
  const type = mediaType(request)
  if (types.length === 0 || types.includes(type)) return []
  return [`body: is ${type === '' ? 'of no type' : type}, not ${types.join(' or ')}`]
}

/** The names of a form's fields. A file alone, as the body, has none. */
const fieldsOf = async (request: Tapped): Promise<readonly string[] | undefined> => {
  if (mediaType(request) !== 'multipart/form-data') return undefined
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  return [...(await new Response(new Uint8Array(request.body), { headers }).formData()).keys()]
}

const formProblems = async (request: Tapped, { form }: BodySchema): Promise<string[]> => {
  const sent = await fieldsOf(request)
  if (sent === undefined) return []
  const missing = form.filter(({ name, required }) => required && !sent.includes(name))
  const unknown = sent.filter((name) => !form.some((each) => each.name === name))
  return [
    ...missing.map(({ name }) => `form/${name}: required and absent`),
    ...unknown.map((name) => `form/${name}: not known`),
  ]
}

const jsonProblems = ({ body }: Tapped, validate: ValidateFunction): string[] => {
  try {
    return words('body', validate, JSON.parse(body.toString('utf8')))
  } catch {
    return ['body: is no JSON']
  }
}

/** What does not fit of a request's body. */
export const bodyProblems = async (
  request: Tapped,
  body: BodySchema | undefined,
  validate: ValidateFunction | undefined,
): Promise<string[]> => {
  if (request.bodyBytes === 0) return body?.required === true ? ['body: required and absent'] : []
  if (body === undefined) return ['body: the operation takes none']
  const inside = validate === undefined ? await formProblems(request, body) : jsonProblems(request, validate)
  return [...typeProblems(request, body), ...inside]
}
