import { z } from 'zod'
import type { Caller, LevelAsked } from '#src/services/index.ts'
import { idIn } from '../parameters.ts'
import type { AuthInput, HandlerInput, Route, WithHeaders } from '../route.ts'

type Input = Parameters<Route['handle']>[0] & Partial<AuthInput['instance']>

interface Way {
  readonly auth: 'platform' | 'instance'
  readonly prefix: string
  readonly asked: (input: Input) => LevelAsked
}

const tokenInstance = ({ instanceId }: Input): LevelAsked => {
  if (instanceId === undefined) throw new Error('a route of an instance ran without it')
  return { level: 'instance', instanceId }
}

/** The ways to a level (spec/behaviour.md 6.1): an account is the default one, or by its id; an instance by id or token. */
const ways = {
  organization: { auth: 'platform', prefix: '/organizations', asked: () => ({ level: 'organization' }) },
  defaultAccount: {
    auth: 'platform',
    prefix: '/accounts',
    asked: () => ({ level: 'account', accountId: undefined }),
  },
  account: {
    auth: 'platform',
    prefix: '/accounts/{id}',
    asked: ({ params }) => ({ level: 'account', accountId: idIn('account', params.id) }),
  },
  token: { auth: 'instance', prefix: '/instances', asked: tokenInstance },
  instance: {
    auth: 'platform',
    prefix: '/instances/{id}',
    asked: ({ params }) => ({ level: 'instance', instanceId: idIn('instance', params.id) }),
  },
} as const satisfies Readonly<Record<string, Way>>

export type WayName = keyof typeof ways

/** Every way to a level. */
export const everyWay: readonly WayName[] = ['organization', 'defaultAccount', 'account', 'token', 'instance']

const anything = z.unknown()

/** Declares one call once, for each way that leads to a level. A missing schema accepts anything. */
export const levelRoutes = <
  Query extends z.ZodType = typeof anything,
  Body extends z.ZodType = typeof anything,
  Reply extends z.ZodType = typeof anything,
>(route: {
  readonly method: Route['method']
  /** Behind the level, by the way. */
  readonly path: string
  readonly ways: readonly WayName[]
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  readonly handle: (
    input: HandlerInput<z.output<Query>, z.output<Body>> & {
      readonly caller: Caller
      readonly asked: LevelAsked
      /** What the path names: an object. */
      readonly name: string
    },
  ) => Promise<z.input<Reply> | WithHeaders<z.input<Reply>>>
}): readonly Route[] =>
  route.ways.map((way) => {
    const { auth, prefix, asked }: Way = ways[way]
    return {
      method: route.method,
      path: `${prefix}${route.path}`,
      auth,
      query: route.query ?? anything,
      body: route.body ?? anything,
      reply: route.reply,
      handle: async (input: Input) => {
        const { caller } = input
        if (caller === undefined) throw new Error('a route of a level ran without its caller')
        return route.handle({
          ...(input as HandlerInput<z.output<Query>, z.output<Body>>),
          caller,
          asked: asked(input),
          name: input.params['object'] ?? '',
        })
      },
    }
  })
