import type { Call, Resource } from '#src/element/index.ts'

export type Verb = keyof Resource['verbs']

/** One thing that can be done with a resource: what is called here, and what that calls at the vendor. */
export interface Operation {
  readonly verb: Verb
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

const shapes: Readonly<Record<Verb, VerbShape>> = {
  search: { method: 'GET', onItem: false, words: 'Search' },
  create: { method: 'POST', onItem: false, words: 'Create' },
  retrieve: { method: 'GET', onItem: true, words: 'Get one of' },
  update: { method: 'PATCH', onItem: true, words: 'Change one of' },
  remove: { method: 'DELETE', onItem: true, words: 'Delete one of' },
}

/** Everything that a resource can do, in a fixed order. */
export const operationsOf = (resource: Resource): readonly Operation[] =>
  Object.entries(shapes).flatMap(([name, { method, onItem, words }]) => {
    const verb = name as Verb
    const call = resource.verbs[verb]
    if (call === undefined) return []
    const path = `/${resource.name}${onItem ? '/{id}' : ''}`
    return [{ verb, method, path, call, description: `${words}: ${resource.title}` }]
  })
