import type { Element } from '#src/element/index.ts'
import { operationId, type Parameter } from '../catalogue/index.ts'
import type { OutlineOperation } from './outline.ts'

export const passthroughTag = 'passthrough'

const path = '/passthrough/{vendorPath}'
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const parameters: readonly Parameter[] = [
  {
    name: 'vendorPath',
    in: 'path',
    type: 'string',
    required: true,
    description: "The vendor's path with its slashes, without the host; the query is handed on as it is.",
  },
  {
    name: 'Elements-Principal',
    in: 'header',
    type: 'string',
    required: false,
    description: 'Whose grant signs: user or company; absent: a user where one is connected.',
  },
]

/** Calls on the vendor's own paths, as one generic path: documents know no parameter with slashes. */
export const passthroughOperations = ({ title, passthrough }: Element): readonly OutlineOperation[] =>
  passthrough === undefined
    ? []
    : methods.map((method) => ({
        id: operationId({ method, path }),
        method,
        path,
        tag: passthroughTag,
        summary: `${method} on a path of ${title}, signed; HEAD works too. Headers handed on: ${passthrough.requestHeaders.join(', ')}`,
        parameters,
        ...(method === 'GET' ? {} : { takes: ['*/*'] }),
        gives: {
          types: ['*/*'],
          description: `What ${title} answers: its status, type and body as they are, with Elements-Hop: provider.`,
        },
      }))
