import { z } from 'zod'
import type {
  Accounts,
  Caller,
  Catalogue,
  Instances,
  Objects,
  RequestLog,
  RequestTrace,
} from '#src/services/index.ts'

/** The rooms that a handler may call. */
export interface ApiContext {
  readonly accounts: Accounts
  readonly catalogue: Catalogue
  readonly instances: Instances
  readonly objects: Objects
  readonly requestLog: RequestLog
}

/**
 * Who may call: `none` anybody, `bearer` whoever logged in, `platform` a User with its Organization
 * (spec/contract.md 1.1).
 */
export type Auth = 'none' | 'bearer' | 'platform'

interface HandlerInput<Query, Body> {
  readonly ctx: ApiContext
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly trace: RequestTrace
}

export interface AuthInput {
  readonly none: Record<never, never>
  readonly bearer: { readonly bearer: string }
  readonly platform: { readonly caller: Caller }
}

/** A platform route: what is asked, who may ask, what is answered, and one call. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Segments in braces become `params`. */
  readonly path: string
  readonly auth: Auth
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly reply: z.ZodType
  readonly handle: (input: HandlerInput<unknown, unknown> & Partial<AuthInput[Auth]>) => Promise<unknown>
}

const anything = z.unknown()

/** Declares a route with its types tied together. A missing schema accepts anything and ignores it. */
export const defineRoute = <
  A extends Auth,
  Query extends z.ZodType = typeof anything,
  Body extends z.ZodType = typeof anything,
  Reply extends z.ZodType = typeof anything,
>(route: {
  readonly method: Route['method']
  readonly path: string
  readonly auth: A
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  readonly handle: (
    input: HandlerInput<z.output<Query>, z.output<Body>> & AuthInput[A],
  ) => Promise<z.input<Reply>>
}): Route => ({
  method: route.method,
  path: route.path,
  auth: route.auth,
  query: route.query ?? anything,
  body: route.body ?? anything,
  reply: route.reply,
  handle: (input) =>
    route.handle(input as unknown as HandlerInput<z.output<Query>, z.output<Body>> & AuthInput[A]),
})
