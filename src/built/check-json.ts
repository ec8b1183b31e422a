import type { ElementJson, ElementOperationJson, ElementParameterJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import { converters } from './converters.ts'

/** Where callers of an operation put a value, and what else gives one (spec/contract.md 2.1, parameter `type`). */
const types = [
  'path',
  'query',
  'header',
  'body',
  'bodyField',
  'form',
  'multipart',
  'configuration',
  'value',
  'prevBody',
  'prevBodyField',
]
const vendorTypes = [...types, 'bodyToken', 'no-op']
const hookTypes = ['preRequest', 'postRequest', 'event']

const bad = (message: string): AppError => new AppError('bad-request', message)

const checkOne = (where: string, value: string, known: readonly string[]): void => {
  if (known.includes(value)) return
  const [near] = nearestNames(value, known)
  throw bad(`${where}: '${value.slice(0, 64)}' is none of ${known.join(', ')}. Did you mean ${near}?`)
}

const checkParameter = (where: string, parameter: ElementParameterJson): void => {
  const { type, vendorType, converter, source } = parameter
  checkOne(`${where}.type`, type, types)
  if (vendorType?.trim()) checkOne(`${where}.vendorType`, vendorType.trim(), vendorTypes)
  if (source?.trim()) checkOne(`${where}.source`, source.trim().toLowerCase(), ['request', 'response'])
  if (converter?.trim()) checkOne(`${where}.converter`, converter.trim(), Object.keys(converters))
}

const protocols: Readonly<Record<string, string>> = {
  soap: 'elements of SOAP services',
  odata: 'elements made of an OData service',
  jdbc: 'elements of databases',
}

/** @throws AppError `bad-request` for a protocol that is not run here. */
const checkProtocol = (text: string | null | undefined): void => {
  const protocol = text?.trim().toLowerCase() ?? ''
  const what = protocols[protocol]
  if (what !== undefined)
    throw bad(`protocolType: '${protocol}' is not run here; this product has no ${what}. Use http.`)
  if (protocol !== '' && protocol !== 'http') throw bad(`protocolType: http, not '${protocol.slice(0, 32)}'.`)
}

/** What an element and each of its resources have alike. */
const checkParts = (
  where: string,
  { parameters, hooks }: Pick<ElementOperationJson, 'parameters' | 'hooks'>,
): void => {
  for (const [at, parameter] of (parameters ?? []).entries())
    checkParameter(`${where}parameters[${at}]`, parameter)
  for (const [at, { type }] of (hooks ?? []).entries()) checkOne(`${where}hooks[${at}].type`, type, hookTypes)
}

/**
 * Checks what the types of the JSON leave open.
 * @throws AppError `bad-request` naming the member, what it takes, and what this product does not run.
 */
export const checkJson = (json: ElementJson): void => {
  checkProtocol(json.protocolType)
  checkParts('', json)
  for (const [at, resource] of (json.resources ?? []).entries()) checkParts(`resources[${at}].`, resource)
}
