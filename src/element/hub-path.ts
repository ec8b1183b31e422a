import type { Content } from './content.ts'
import type { Resource } from './element.ts'
import type { Action, Verbs } from './verbs.ts'

/** Methods of hub calls. */
export type HubMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * A path of an element beyond `/{resource}` and `/{resource}/{id}`, and beyond the actions and contents of a resource.
 * It is the whole answer for the path: a method that it does not name is 405.
 */
export interface HubPath {
  /**
   * Without the hub, such as `/contacts/{contactId}/notes`. The first segment is fixed. What stands in braces is said
   * to the resource under its name (`Resource.address`), but for the row's id.
   */
  readonly path: string
  readonly methods: Readonly<Partial<Record<HubMethod, HubAction>>>
}

/** What a method on a path does. */
export type HubAction =
  /** What the resource's own paths would do. */
  | (OnResource & { readonly kind: 'verb'; readonly verb: keyof Verbs })
  /** Something that is done with a row; the body has its fields. */
  | (OnResource & { readonly kind: 'act'; readonly action: Action })
  /** The reply is a file. */
  | (OnResource & { readonly kind: 'read-file'; readonly content: Content })
  /** The request is a file, as it is or as a part of a form; the reply is the row that it belongs to. */
  | (OnResource & { readonly kind: 'write-file'; readonly content: Content })
  /** The request is a file, which becomes a row (`Resource.upload`). */
  | (OnResource & { readonly kind: 'upload' })
  /** The vendor has no such thing: answered 404 with these words. */
  | { readonly kind: 'absent'; readonly title: string; readonly why: string }

interface OnResource {
  /** It may be one that is not among `Element.resources`: objects, bulk and events do not see that one. */
  readonly resource: Resource
  /** What the path does, where it is not what the resource's own paths do; a phrase. */
  readonly title?: string
  /** Names the brace that is the row's id; where the path has no such brace, the query parameter that is. */
  readonly id?: string
  /** Parts of the address that a brace or a query parameter of another name says, by the part's name. */
  readonly names?: Readonly<Record<string, string>>
}

/** A path that fits, and what stands in its braces. */
export interface FoundPath {
  readonly found: HubPath
  readonly values: Readonly<Record<string, string>>
}

const nameIn = (part: string): string | undefined => /^\{(.+)\}$/.exec(part)?.[1]

const partsOf = ({ path }: HubPath): readonly string[] => path.split('/').filter((part) => part !== '')

/** The names in the braces of a path, in their order. */
export const bracesOf = (path: HubPath): readonly string[] =>
  partsOf(path).flatMap((part) => {
    const name = nameIn(part)
    return name === undefined ? [] : [name]
  })

interface Parted {
  readonly found: HubPath
  readonly parts: readonly { readonly text: string; readonly name: string | undefined }[]
}

/** Sorts a fixed segment before a brace, the leftmost that differs first. */
const compare = ({ parts }: Parted, { parts: others }: Parted): number => {
  for (const [at, { name }] of parts.entries()) {
    const order = Number(name !== undefined) - Number(others[at]?.name !== undefined)
    if (order !== 0) return order
  }
  return 0
}

const partedOf = (paths: readonly HubPath[]): readonly Parted[] =>
  paths
    .map((found) => ({ found, parts: partsOf(found).map((text) => ({ text, name: nameIn(text) })) }))
    .sort(compare)

/** Every hub call asks, so the paths of an element are taken apart once. */
const known = new WeakMap<readonly HubPath[], readonly Parted[]>()

const valuesFor = (
  { parts }: Parted,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  if (parts.length !== segments.length) return undefined
  const fits = parts.every(({ text, name }, at) => name !== undefined || text === segments[at])
  if (!fits) return undefined
  return Object.fromEntries(
    parts.flatMap(({ name }, at) => (name === undefined ? [] : [[name, segments[at] ?? '']])),
  )
}

/** The path that segments, already decoded, lead to; a fixed segment wins over a brace. Undefined: none. */
export const hubPathOf = (
  paths: readonly HubPath[] | undefined,
  segments: readonly string[],
): FoundPath | undefined => {
  if (paths === undefined) return undefined
  const parted = known.get(paths) ?? partedOf(paths)
  known.set(paths, parted)
  for (const one of parted) {
    const values = valuesFor(one, segments)
    if (values !== undefined) return { found: one.found, values }
  }
  return undefined
}

/** The resources that paths are about and that are not among those of the element, each once. */
export const pathResources = (
  paths: readonly HubPath[] | undefined,
  resources: Readonly<Record<string, Resource>>,
): readonly Resource[] => {
  const own = new Set(Object.values(resources))
  const named = (paths ?? []).flatMap(({ methods }) =>
    Object.values(methods).flatMap((action) => (action.kind === 'absent' ? [] : [action.resource])),
  )
  return [...new Set(named)].filter((resource) => !own.has(resource))
}
