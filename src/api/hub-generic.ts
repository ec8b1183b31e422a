import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import {
  documentedElement,
  hubResourceNamed,
  type OpenInstance,
  objectMetadata,
  objectSummaries,
  resourceNamed,
  swaggerOfObject,
  type Transformations,
} from '#src/services/index.ts'
import { type ApiReply, wrongVerb } from './http/index.ts'
import type { HubRequest } from './hub.ts'

/** The names under which every element answers the same (spec/contract.md 3, generic endpoints). */
export const genericNames: ReadonlySet<string> = new Set(['ping', 'objects'])

const ping = (instance: OpenInstance): ApiReply => {
  const keepers = Object.values(instance.keepers)
  return {
    body: {
      dateTime: new Date().toISOString(),
      endpoint: instance.element.key,
      valid: keepers.length > 0 && keepers.every((keeper) => keeper.isValid()),
    },
  }
}

const knownResource = (instance: OpenInstance, name: string) => {
  const resource = hubResourceNamed(instance, name)
  if (resource !== undefined) return resource
  throw new AppError('not-found', `No object found with name ${name.slice(0, 64)}`)
}

const docsOptionsOf = (publicUrl: string, query: URLSearchParams) => ({
  baseUrl: query.get('baseUrl') || publicUrl,
  resolveReferences: query.get('resolveReferences') === 'true',
})

const objects = async (
  transformations: Transformations,
  instance: OpenInstance,
  { segments, headers, query, publicUrl }: HubRequest,
): Promise<ApiReply> => {
  const [, name, part] = segments
  if (name === undefined) {
    const helium = headers['elements-version']?.toString().trim().toLowerCase() === 'helium'
    const found = objectSummaries(instance, await transformations.definedNames(instance))
    return { body: helium ? found : found.map((one) => one.name) }
  }
  if (segments.length === 3 && part === 'metadata') {
    return { body: objectMetadata(knownResource(instance, name)) }
  }
  if (segments.length === 3 && part === 'docs') {
    const { name: vendorName } = knownResource(instance, name)
    const element = documentedElement(instance.element, instance.transformations)
    const object = instance.transformations.has(name) ? name : vendorName
    return { body: swaggerOfObject(element, object, docsOptionsOf(publicUrl, query)) }
  }
  throw new AppError(
    'not-found',
    'No path found: objects are at /objects, /objects/{name}/metadata and /objects/{name}/docs.',
  )
}

/** The answer of a generic endpoint; undefined when the path is a resource's. A resource of that name wins. */
export const genericReply = (
  transformations: Transformations,
  instance: OpenInstance,
  request: HubRequest,
): Later<ApiReply> | undefined => {
  const [first = ''] = request.segments
  if (!genericNames.has(first) || resourceNamed(instance, first) !== undefined) return undefined
  if (request.method !== 'GET') throw wrongVerb(request.method, `/${request.segments.join('/')}`, ['GET'])
  if (first === 'objects') return objects(transformations, instance, request)
  if (request.segments.length > 1) throw new AppError('not-found', 'No path found: ping is at /ping.')
  return ping(instance)
}
