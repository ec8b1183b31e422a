import type { Action, Call, Resource } from '#src/element/index.ts'

export type Verb = keyof Resource['verbs']

/** One thing that can be done with a resource: what is called here, and what that calls at the vendor. */
export interface Operation {
  readonly verb: Verb | 'act'
  readonly action?: Action
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

/** Everything that a resource can do, in a fixed order. */
export const operationsOf = (resource: Resource): readonly Operation[] => [
  ...Object.entries(shapes).flatMap(([name, { method, onItem, words }]): Operation[] => {
    const verb = name as Verb
    const call = callOf(resource, verb)
    if (call === undefined) return []
    const path = `/${resource.name}${onItem ? '/{id}' : ''}`
    return [{ verb, method, path, call, description: `${words}: ${resource.title}${needs(call)}` }]
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
]
