import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { storedHook } from './hooks.ts'

const usualHub = 'general'
const baseUrlKey = 'base.url'

const notRun: Readonly<Record<string, string>> = {
  soap: 'it is called by SOAP envelopes, which are not made here. Post its REST API, if the vendor has one',
  odata: 'OData services are not read here. Post the resources that you need as http with their paths',
  jdbc: 'databases are not connected here. Post an HTTP API that stands before the database',
}

/** @throws AppError `bad-request` on a protocol that is not spoken here. */
const checkProtocol = ({ protocolType }: ElementJson): void => {
  const type = protocolType?.trim().toLowerCase() || 'http'
  if (type === 'http') return
  const reason = Object.hasOwn(notRun, type) ? notRun[type] : 'there is no such protocol. Use http'
  throw new AppError('bad-request', `protocolType: '${type.slice(0, 32)}' cannot be run: ${reason}.`)
}

/** @throws AppError `bad-request` where a key stands twice, or none tells where the vendor is. */
export const checkConfiguration = ({ configuration }: ElementJson, isClone: boolean): void => {
  const keys = (configuration ?? []).map(({ key }) => key)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined)
    throw new AppError(
      'bad-request',
      `configuration: '${twice.slice(0, 64)}' stands twice. Send each key once.`,
    )
  const base = configuration?.find(({ key }) => key === baseUrlKey)
  if (isClone || String(base?.defaultValue ?? '').trim() !== '') return
  throw new AppError(
    'bad-request',
    `configuration: ${baseUrlKey} is missing, or has no defaultValue. Send {"key": "${baseUrlKey}", "name": "Base URL", "defaultValue": "https://api.vendor.example"}.`,
  )
}

/** A path of the hub: `/reports` becomes `/hubs/expense/reports`. */
const storedPath = (path: string, hub: string): string => {
  const whole = path.startsWith('/') ? path : `/${path}`
  return /^\/hubs\/[^/]+\/./.test(whole) ? whole : `/hubs/${hub}${whole}`
}

/** An operation as it is stored. */
export const storedOperation = (operation: ElementOperationJson, hub: string): ElementOperationJson => ({
  ...operation,
  method: operation.method.trim().toUpperCase(),
  path: storedPath(operation.path.trim(), hub),
  ...(operation.hooks ? { hooks: operation.hooks.map(storedHook) } : {}),
})

/** What the row of an element tells, and not its document. */
const ofRow = new Set(['id', 'key', 'active', 'deleted', 'private', 'extended', 'clonedFrom'])

/**
 * A body as it is stored: whole paths, a hub, and nothing that the element's row tells.
 * @param isClone of an element of the catalogue, which knows where its vendor is.
 * @throws AppError `bad-request` naming the member that is wrong.
 */
export const storedDocument = (body: ElementJson, isClone: boolean): ElementJson => {
  checkProtocol(body)
  checkConfiguration(body, isClone)
  const hub = body.hub?.trim().toLowerCase() || usualHub
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !ofRow.has(name)))
  return {
    ...(rest as ElementJson),
    hub,
    resources: (body.resources ?? []).map((operation) => storedOperation(operation, hub)),
    ...(body.hooks ? { hooks: body.hooks.map(storedHook) } : {}),
  }
}
