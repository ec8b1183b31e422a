import {
  type Action,
  bracesOf,
  type Call,
  type Content,
  type Element,
  type HubAction,
  type HubMethod,
  type HubPath,
  type Resource,
  type UploadCreate,
  type UploadForm,
} from '#src/element/index.ts'

export type Verb = keyof Resource['verbs']

/** One thing that can be done with a resource: what is called here, and what that calls at the vendor. */
export interface Operation {
  readonly verb: Verb | 'act' | 'upload' | 'readContent' | 'writeContent'
  readonly action?: Action
  /** Media types of a file that is its body, or may be. */
  readonly takes?: readonly string[]
  /** What of a form it takes, where it takes no file but in one. */
  readonly form?: UploadForm
  /** Media types of a file that is its reply. */
  readonly gives?: readonly string[]
  readonly method: HubMethod
  /** Without the hub: `/reports`, `/reports/{id}`. */
  readonly path: string
  readonly call: Call
  readonly description: string
  /** Of a path beyond those of resources (`Element.paths`): where it names the row, and the address. */
  readonly place?: OperationPlace
}

export interface OperationPlace {
  /** What stands in its braces. */
  readonly braces: readonly string[]
  /** The brace or query parameter that is the row's id; absent: it is about no single row. */
  readonly id?: string | undefined
  /** Under which other names parts of the address are said. */
  readonly names: Readonly<Record<string, string>>
}

interface VerbShape {
  readonly method: HubMethod
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
  replace: { method: 'PUT', onItem: true, words: 'Replace one of' },
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

/** What an upload takes: a form alone, or the file as it is as well. */
const uploadTakes = ({
  types,
  form,
}: UploadCreate): Required<Pick<Operation, 'takes'>> & Pick<Operation, 'form'> =>
  form === undefined ? { takes: fileTypes(types) } : { takes: fileTypes([]), form }

const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`

/** A create whose body is a file; one that takes JSON too is the same operation. */
const uploadOperation = ({ name, upload, verbs }: Resource): readonly Operation[] =>
  upload === undefined || verbs.create !== undefined
    ? []
    : [
        {
          ...{ verb: 'upload', method: 'POST', path: `/${name}`, call: upload.call },
          ...uploadTakes(upload),
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
const takenBy = ({ upload }: Resource, verb: Verb): Pick<Operation, 'takes' | 'form'> => {
  if (verb !== 'create' || upload === undefined) return {}
  const { takes, form } = uploadTakes(upload)
  return { takes: ['application/json', ...takes], ...(form === undefined ? {} : { form }) }
}

const actOperation = ({ name: resource }: Resource, name: string, action: Action): Operation => ({
  verb: 'act',
  action,
  method: 'POST',
  path: `/${resource}/{id}/${name}`,
  call: action.call,
  description: `${action.title}${needs(action.call)}`,
})

/** Everything that a resource can do on its own paths, in a fixed order. */
export const operationsOf = (resource: Resource): readonly Operation[] => [
  ...Object.entries(shapes).flatMap(([name, { method, onItem, words }]): Operation[] => {
    const verb = name as Verb
    const call = callOf(resource, verb)
    if (call === undefined) return []
    const path = `/${resource.name}${onItem ? '/{id}' : ''}`
    const description = `${words}: ${resource.title}${needs(call)}`
    return [{ verb, method, path, call, description, ...takenBy(resource, verb) }]
  }),
  ...Object.entries(resource.actions ?? {}).map(([name, action]) => actOperation(resource, name, action)),
  ...uploadOperation(resource),
  ...contentOperations(resource),
]

/** What a method on a path of the element does, as one of the operations of its resource; none: nothing is there. */
const pathOperation = (path: HubPath, method: HubMethod, action: HubAction): Operation | undefined => {
  if (action.kind === 'absent') return undefined
  const like = ownOperation(action)
  if (like === undefined) return undefined
  const title = action.title === undefined ? like.description : `${action.title}${needs(like.call)}`
  const place = { braces: bracesOf(path), id: action.id, names: action.names ?? {} }
  return { ...like, method, path: path.path, description: title, place }
}

const ownOperation = (action: Exclude<HubAction, { kind: 'absent' }>): Operation | undefined => {
  const { resource } = action
  switch (action.kind) {
    case 'verb':
      return operationsOf(resource).find(({ verb }) => verb === action.verb)
    case 'act':
      return actOperation(resource, '', action.action)
    case 'read-file':
      return readOperation('', action.content)[0]
    case 'write-file':
      return writeOperations('', action.content)[0]
    case 'upload':
      return uploadOperation({ ...resource, verbs: {} })[0]
  }
}

/** An operation, and the resource that it is about. */
export interface ElementOperation {
  readonly resource: Resource
  readonly operation: Operation
}

const isOn = ({ path }: HubPath, { path: other }: Operation): boolean =>
  path.replace(/\{.*?\}/g, '{}') === other.replace(/\{.*?\}/g, '{}')

/** Everything that an element answers: of its resources, and on its further paths, which win. */
export const elementOperations = ({
  resources,
  paths = [],
}: Pick<Element, 'resources' | 'paths'>): readonly ElementOperation[] => [
  ...Object.values(resources).flatMap((resource) =>
    operationsOf(resource)
      .filter((operation) => !paths.some((path) => isOn(path, operation)))
      .map((operation) => ({ resource, operation })),
  ),
  ...paths.flatMap((path) =>
    Object.entries(path.methods).flatMap(([method, action]): ElementOperation[] => {
      const operation = pathOperation(path, method as HubMethod, action)
      return operation === undefined || action.kind === 'absent'
        ? []
        : [{ resource: action.resource, operation }]
    }),
  ),
]
