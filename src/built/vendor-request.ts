import type { ElementParameterJson } from '#src/contract/index.ts'
import type { PortFile } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Asked } from './asked.ts'
import { converters } from './converters.ts'
import { isFileParameter, vendorPartOf } from './file-parameters.ts'
import type { Method, Operation } from './operation.ts'
import { withValueAt } from './root-key.ts'
import { templated } from './template.ts'
import {
  asText,
  type Configured,
  converted,
  filled,
  missingValue,
  namedValue,
  ownValue,
  parameterValue,
} from './values.ts'

/** What is asked of the vendor, before hooks have seen it. */
export interface Draft {
  readonly method: Method
  /** Below the base URL, not yet encoded where a value stands in it. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | undefined
  /** The file that goes out. */
  readonly file?: DraftFile
  /** Where the access token goes, if not into `Authorization`. */
  readonly tokenIn?: { readonly query?: string; readonly header?: string; readonly prefix?: string }
}

/** A file in a draft; hooks see nothing of it. */
export interface DraftFile {
  readonly file: PortFile
  /** The part of the form that it is; undefined: it is the body. */
  readonly part: string | undefined
}

/** A draft as parameters fill it, one after the other. */
interface Filling {
  readonly path: Record<string, string>
  readonly query: Record<string, string>
  readonly headers: Record<string, string>
  readonly form: Record<string, string>
  readonly tokens: Record<string, string>
  body: Json | undefined
  /** A body as a text with braces; wins over `body`. */
  template: string | undefined
  fields: JsonObject
  file: DraftFile | undefined
  tokenIn: Draft['tokenIn']
  /** Whether any parameter says what becomes of the body. */
  takesBody: boolean
}

const tokenKey = 'oauth.user.token'

const isRequest = ({ source }: ElementParameterJson): boolean =>
  (source ?? 'request').trim().toLowerCase() !== 'response'

/** The access token: the engine has it, and signs by it. */
const placeToken = ({ vendorType, vendorName }: ElementParameterJson, into: Filling): void => {
  const name = vendorName?.trim() ?? ''
  if (vendorType === 'query') into.tokenIn = { query: name }
  else if (vendorType === 'header' && name.toLowerCase() !== 'authorization') into.tokenIn = { header: name }
}

/** `where`, as its converter hands it on; undefined: nothing is asked, or nothing converts it. */
const whereOf = (
  { converter, vendorName }: ElementParameterJson,
  asked: Asked,
): Readonly<Record<string, string>> | undefined => {
  const convert = converter?.trim() ? converters[converter.trim()] : undefined
  if (convert === undefined || asked.where === null) return convert === undefined ? undefined : {}
  const query = convert(asked.where)
  if (typeof query !== 'string') return query
  const name = vendorName?.trim() ?? ''
  return query === '' ? {} : { [name.startsWith('converter:') || name === '' ? 'where' : name]: query }
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

const place = (parameter: ElementParameterJson, value: Json, into: Filling): void => {
  const { vendorType, vendorDataType } = parameter
  const name = parameter.vendorName?.trim() || parameter.name
  switch (vendorType ?? parameter.type) {
    case 'path':
      into.path[name] = asText(value)
      return
    case 'query':
      into.query[name] = asText(value)
      return
    case 'header':
      into.headers[name.toLowerCase()] = asText(value)
      return
    case 'form':
    case 'multipart':
      into.form[name] = asText(value)
      into.takesBody = true
      return
    case 'bodyField':
      into.fields = withValueAt(into.fields, name, converted(value, vendorDataType))
      into.takesBody = true
      return
    case 'bodyToken':
      into.tokens[name] = asText(value)
      return
    case 'body':
      if (parameter.type === 'value') into.template = parameter.name
      else into.body = value
      into.takesBody = true
      return
    default:
      return
  }
}

/** @throws AppError `bad-request` where it is needed and missing. */
const takeFile = (parameter: ElementParameterJson, { file }: Asked, into: Filling): void => {
  if (file !== undefined) {
    into.file ??= { file, part: vendorPartOf(parameter) }
    into.takesBody = true
  } else if (parameter.required === true) throw missingValue(parameter)
}

/** Takes one parameter over. @throws AppError `bad-request` where it is needed and missing. */
const take = (parameter: ElementParameterJson, asked: Asked, configured: Configured, into: Filling): void => {
  // A token that is configured is the element's own matter; else the login has it.
  if (parameter.type === 'configuration' && parameter.name === tokenKey && !configured(tokenKey)) {
    placeToken(parameter, into)
    return
  }
  if (isFileParameter(parameter)) {
    takeFile(parameter, asked, into)
    return
  }
  const where =
    parameter.name === 'where' && parameter.type === 'query' ? whereOf(parameter, asked) : undefined
  if (where !== undefined) {
    Object.assign(into.query, where)
    return
  }
  const value = parameterValue(parameter, asked, configured)
  if (value === undefined || value === null || value === '') {
    if (parameter.type === 'body') into.takesBody = true
    if (parameter.required === true && parameter.vendorType !== 'no-op' && value !== null)
      throw missingValue(parameter)
    if (value === null) place(parameter, value, into)
    return
  }
  place(parameter, value, into)
}

/** The body that goes out, from its parts. */
const bodyOf = (
  operation: Operation,
  asked: Asked,
  configured: Configured,
  into: Filling,
): Json | undefined => {
  if (Object.keys(into.form).length > 0) return into.form
  const untold = !into.takesBody && operation.vendorMethod !== 'GET' && operation.vendorMethod !== 'DELETE'
  const given = into.body ?? (untold ? asked.body : undefined)
  const tokenOf = (name: string): Json | undefined =>
    ownValue(into.tokens, name) ?? namedValue(asked, configured, name)
  const whole = into.template === undefined ? given : templated(into.template, tokenOf)
  const text = typeof whole === 'string' ? parsed(whole) : whole
  const fields = Object.keys(into.fields)
  const body = fields.length === 0 ? text : { ...(isJsonObject(text) ? text : {}), ...into.fields }
  const { request } = operation.rootKey
  return request === '' || body === undefined ? body : withValueAt({}, request, body)
}

/**
 * A request's path with its values, each encoded, and what it says in its query.
 * @throws AppError `bad-request` naming a brace that nothing fills.
 */
const pathOf = (
  { name, vendorPath }: Operation,
  asked: Asked,
  configured: Configured,
  into: Filling,
): { readonly path: string; readonly query: Readonly<Record<string, string>> } => {
  const value = (brace: string) =>
    ownValue(into.path, brace) ?? ownValue(asked.path, brace) ?? configured(brace)
  const [path = '', query = ''] = vendorPath.split(/\?(.*)/s, 2)
  const made = path.replace(/\{([^{}]+)\}/g, (_, brace: string) => {
    const found = value(brace)
    if (found !== undefined && found !== '') return encodeURIComponent(found)
    throw new AppError('bad-request', `${brace}: ${name} needs it for the provider's path ${vendorPath}.`)
  })
  // Such segments would lead to another address.
  if (made.split('/').some((segment) => segment === '.' || segment === '..'))
    throw new AppError('provider-not-found', `${name}: nothing is called '.' or '..'.`, { hop: 'amalgam' })
  const told = [...new URLSearchParams(query)].map(([param, text]): [string, string] => [
    param,
    filled(text, value),
  ])
  return {
    path: made.startsWith('/') ? made : `/${made}`,
    query: Object.fromEntries(told),
  }
}

/**
 * What an operation asks of the vendor.
 * @throws AppError `bad-request` naming a value that is needed and missing.
 */
export const draftOf = (operation: Operation, asked: Asked, configured: Configured): Draft => {
  const into: Filling = {
    path: {},
    query: {},
    headers: {},
    form: {},
    tokens: {},
    body: undefined,
    template: undefined,
    fields: {},
    file: undefined,
    tokenIn: undefined,
    takesBody: false,
  }
  for (const parameter of operation.parameters) {
    if (isRequest(parameter)) take(parameter, asked, configured, into)
  }
  const { path, query } = pathOf(operation, asked, configured, into)
  const body = bodyOf(operation, asked, configured, into)
  const formType = formTypeOf(operation, into)
  return {
    method: operation.vendorMethod,
    path,
    query: { ...query, ...into.query },
    headers: formType === undefined ? into.headers : { 'content-type': formType, ...into.headers },
    body,
    ...(into.file === undefined ? {} : { file: into.file }),
    ...(into.tokenIn === undefined ? {} : { tokenIn: into.tokenIn }),
  }
}

export const urlEncoded = 'application/x-www-form-urlencoded'
export const multipart = 'multipart/form-data'

/** The content type of a request that is a form; undefined: it is none. */
const formTypeOf = ({ parameters }: Operation, { form, file }: Filling): string | undefined => {
  if (file !== undefined) return file.part === undefined ? undefined : multipart
  if (Object.keys(form).length === 0) return undefined
  return parameters.some(({ vendorType }) => vendorType === 'multipart') ? multipart : urlEncoded
}
