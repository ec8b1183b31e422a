import type { Action, Call, Content, Resource } from '#src/element/index.ts'

export type Verb = keyof Resource['verbs']

/** One thing that can be done with a resource: what is called here, and what that calls at the vendor. */
export interface Operation {
  readonly verb: Verb | 'act' | 'upload' | 'readContent' | 'writeContent'
  readonly action?: Action
  /** Media types of a file that is its body, or may be. */
  readonly takes?: readonly string[]
  /** Media types of a file that is its reply. */
  readonly gives?: readonly string[]
  readonly method: Call['method']
  /** Without the hub: `/reports`, `/reports/{id}`. */
  readonly path: string
  readonly call: Call
  readonly description: string
}

interface VerbShape {
  readonly method: Call['method']
  readonly onItem: boolean
  readonly words: string
}

/** The vendor call that a verb makes; a row that is found in its listing is asked for like the listing. */
const callOf = ({ verbs }: Resource, verb: Verb): Call | undefined => {
  const call = verbs[verb]
  return call === undefined || 'method' in call ? call : verbs.search
}

const shapes: Readonly<Record<Verb, VerbShape>> = {
  search: { method: 'GET', onItem: false, words: 'Search' },
  create: { method: 'POST', onItem: false, words: 'Create' },
  retrieve: { method: 'GET', onItem: true, words: 'Get one of' },
  update: { method: 'PATCH', onItem: true, words: 'Change one of' },
  remove: { method: 'DELETE', onItem: true, words: 'Delete one of' },
  updateAll: { method: 'PATCH', onItem: false, words: 'Change' },
  removeAll: { method: 'DELETE', onItem: false, words: 'Delete from' },
}

/** Whose grant and which scope the vendor documents for a call. */
const needs = ({ principals, scopes }: Call): string => {
  const whose = principals === undefined ? '' : `. Grant: ${principals.join(' or ')}`
  return scopes === undefined ? whose : `${whose}. Scope: ${scopes.join(' or ')}`
}

/** A file comes as it is, or as a part of a form. */
const fileTypes = (types: readonly string[]): readonly string[] => [...types, 'multipart/form-data']

const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`

/** A create whose body is a file; one that takes JSON too is the same operation. */
const uploadOperation = ({ name, upload, verbs }: Resource): readonly Operation[] =>
  upload === undefined || verbs.create !== undefined
    ? []
    : [
        {
          ...{ verb: 'upload', method: 'POST', path: `/${name}`, call: upload.call },
          takes: fileTypes(upload.types),
          description: `Create by a file of at most ${inMegabytes(upload.mostBytes)}: ${upload.title}${needs(upload.call)}`,
        },
      ]

const readOperation = (path: string, { read, title, types }: Content): readonly Operation[] =>
  read === undefined
    ? []
    : [
        {
          ...{ verb: 'readContent', method: 'GET', path, call: read },
          ...{ gives: types, description: `Read: ${title}${needs(read)}` },
        },
      ]

const writeOperations = (path: string, { write, title, types, mostBytes }: Content): readonly Operation[] =>
  write === undefined
    ? []
    : (['POST', 'PUT'] as const).map((method) => ({
        ...{ verb: 'writeContent', method, path, call: write },
        takes: fileTypes(types),
        description: `Write, at most ${inMegabytes(mostBytes)}: ${title}${needs(write)}`,
      }))

const contentOperations = ({ name, contents = {} }: Resource): readonly Operation[] =>
  Object.entries(contents).flatMap(([content, one]) => {
    const path = `/${name}/{id}/${content}`
    return [...readOperation(path, one), ...writeOperations(path, one)]
  })

/** The files that a verb takes besides JSON. */
const takenBy = ({ upload }: Resource, verb: Verb): Pick<Operation, 'takes'> =>
  verb === 'create' && upload !== undefined ? { takes: ['application/json', ...fileTypes(upload.types)] } : {}

/** Everything that a resource can do, in a fixed order. */
export const operationsOf = (resource: Resource): readonly Operation[] => [
  ...Object.entries(shapes).flatMap(([name, { method, onItem, words }]): Operation[] => {
    const verb = name as Verb
    const call = callOf(resource, verb)
    if (call === undefined) return []
    const path = `/${resource.name}${onItem ? '/{id}' : ''}`
    const description = `${words}: ${resource.title}${needs(call)}`
    return [{ verb, method, path, call, description, ...takenBy(resource, verb) }]
  }),
  ...Object.entries(resource.actions ?? {}).map(
    ([name, action]): Operation => ({
      verb: 'act',
      action,
      method: 'POST',
      path: `/${resource.name}/{id}/${name}`,
      call: action.call,
      description: `${action.title}${needs(action.call)}`,
    }),
  ),
  ...uploadOperation(resource),
  ...contentOperations(resource),
]
