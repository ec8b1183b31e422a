import { z } from 'zod'
import type { Caller } from '#src/services/index.ts'
import { idIn } from '../parameters.ts'
import type { AuthInput, HandlerInput, Route, WithHeaders } from '../route.ts'

/** Which instance a call is about, and who asks. */
export interface Target {
  readonly caller: Caller
  readonly instanceId: number
  /** The element that the path names besides. */
  readonly element: string | undefined
}

/**
 * The ways to an instance: by its id, by its Element token without any id, and by its id below its element
 * (spec/contract.md 1.1 and 2.2).
 */
const ways = {
  id: { auth: 'platform', prefix: '/instances/{id}' },
  token: { auth: 'instance', prefix: '/instances' },
  element: { auth: 'platform', prefix: '/elements/{element}/instances/{id}' },
} as const

export type Way = keyof typeof ways

type Input = Parameters<Route['handle']>[0]

const targetOf = (way: Way, input: Input): Target => {
  const { caller, params, instanceId } = input as Input & Partial<AuthInput['instance']>
  if (caller === undefined) throw new Error('a route of an instance ran without its caller')
  return {
    caller,
    instanceId: way === 'token' && instanceId !== undefined ? instanceId : idIn('instance', params.id),
    element: way === 'element' ? params.element : undefined,
  }
}

const anything = z.unknown()

/** Declares one call on an instance once, for each way that leads to it. A missing schema accepts anything. */
export const instanceRoutes = <
  Query extends z.ZodType = typeof anything,
  Body extends z.ZodType = typeof anything,
  Reply extends z.ZodType = typeof anything,
>(route: {
  readonly method: Route['method']
  /** Behind the instance: empty, or with a leading slash. */
  readonly path: string
  readonly ways: readonly Way[]
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  readonly handle: (
    input: HandlerInput<z.output<Query>, z.output<Body>> & { readonly target: Target },
  ) => Promise<z.input<Reply> | WithHeaders<z.input<Reply>>>
}): readonly Route[] =>
  route.ways.map((way) => ({
    method: route.method,
    path: `${ways[way].prefix}${route.path}`,
    auth: ways[way].auth,
    query: route.query ?? anything,
    body: route.body ?? anything,
    reply: route.reply,
    handle: async (input) =>
      route.handle({
        ...(input as HandlerInput<z.output<Query>, z.output<Body>>),
        target: targetOf(way, input),
      }),
  }))
