import { z } from 'zod'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type {
  Accounts,
  Bulk,
  Caller,
  Calls,
  Catalogue,
  Connects,
  Elements,
  EventLog,
  Events,
  Instances,
  Notifications,
  Objects,
  RequestLog,
  RequestTrace,
  Transformations,
} from '#src/services/index.ts'
import type { ApiReply, ApiRequest } from './http/index.ts'

/** The rooms that a handler may call. */
export interface ApiContext {
  /** Where clients find this server, without a trailing slash. */
  readonly publicUrl: string
  readonly accounts: Accounts
  readonly bulk: Bulk
  readonly calls: Calls
  readonly catalogue: Catalogue
  readonly connects: Connects
  readonly elements: Elements
  readonly eventLog: EventLog
  readonly events: Events
  readonly instances: Instances
  readonly notifications: Notifications
  readonly objects: Objects
  readonly requestLog: RequestLog
  readonly transformations: Transformations
}

/**
 * Who may call: `none` anybody, `page` the page of this server, signed in or not, `bearer` whoever logged in,
 * `platform` a User with its Organization, `instance` these two with the Element token of the instance that the
 * call is about (spec/contract.md 1.1). A session of the page stands for a bearer token, and for a User with its
 * Organization.
 */
export type Auth = 'none' | 'page' | 'bearer' | 'platform' | 'instance'

/** What every handler gets. */
export interface HandlerInput<Query, Body> {
  readonly ctx: ApiContext
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly headers: ApiRequest<unknown>['headers']
  readonly requestId: string
  readonly trace: RequestTrace
  /** Aborted when the client leaves, and when a stop runs out of time. */
  readonly signal: StopSignal
}

export interface AuthInput {
  readonly none: Record<never, never>
  readonly page: { readonly session: string | undefined }
  readonly bearer: { readonly bearer: string }
  readonly platform: { readonly caller: Caller; readonly element: string | undefined }
  readonly instance: { readonly caller: Caller; readonly instanceId: number }
}

const headed = Symbol('a reply with headers')

/** A reply's body together with headers of its own; made by `withHeaders`. */
export interface WithHeaders<Body> {
  readonly [headed]: Readonly<Record<string, string>>
  readonly body: Body
}

/** What a handler gives back when more than a body goes out. Names in lower case; undefined values are left out. */
export const withHeaders = <Body>(
  body: Body,
  headers: Readonly<Record<string, string | undefined>>,
): WithHeaders<Body> => ({
  [headed]: Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
  body,
})

const isHeaded = (value: unknown): value is WithHeaders<unknown> =>
  typeof value === 'object' && value !== null && headed in value

const bodyReply = (body: unknown): ApiReply => (body === undefined ? {} : { body })

/** A handler's result as it goes out; undefined is an empty body. */
export const apiReply = (result: unknown): ApiReply =>
  isHeaded(result) ? { ...bodyReply(result.body), headers: result[headed] } : bodyReply(result)

/** A platform route: what is asked, who may ask, what is answered, and one call. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Segments in braces become `params`. */
  readonly path: string
  readonly auth: Auth
  /** Bodies that are no JSON are taken too: forms as objects, other texts as they are. */
  readonly takesForms?: true
  /** Errors of the body say `resources[3].method`, as the checks behind it do; absent: `resources.3.method`. */
  readonly namesInBrackets?: true
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
  readonly takesForms?: true
  readonly namesInBrackets?: true
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  readonly handle: (
    input: HandlerInput<z.output<Query>, z.output<Body>> & AuthInput[A],
  ) => Promise<z.input<Reply> | WithHeaders<z.input<Reply>>>
}): Route => ({
  method: route.method,
  path: route.path,
  auth: route.auth,
  ...(route.takesForms === undefined ? {} : { takesForms: route.takesForms }),
  ...(route.namesInBrackets === undefined ? {} : { namesInBrackets: route.namesInBrackets }),
  query: route.query ?? anything,
  body: route.body ?? anything,
  reply: route.reply,
  handle: (input) =>
    route.handle(input as unknown as HandlerInput<z.output<Query>, z.output<Body>> & AuthInput[A]),
})
