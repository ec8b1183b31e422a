import type { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'
import { type RequestTrace, resourceNamed } from '#src/services/index.ts'
import { type Credentials, parseAuthorization } from './http/authorization.ts'
import { type ApiReply, type ApiRequest, wrongVerb } from './http/index.ts'
import { hubCall } from './hub.ts'
import { createMatch, type Match } from './match.ts'
import { notHere } from './not-here.ts'
import type { ApiContext, AuthInput, Route } from './route.ts'
import { routes } from './routes.ts'

type Request = ApiRequest<RequestTrace>

/** First segments that are the platform's even when an Element token is sent (spec/contract.md 1.2). */
const platformOnly = new Set([
  'instances',
  'elements',
  'hubs',
  'formulas',
  'authentication',
  'vdrs',
  'common-resources',
  'transformations',
  'notifications',
])

const fieldError = (part: 'query' | 'body', error: z.ZodError): AppError => {
  const told = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || part}: ${issue.message}`)
  return new AppError('bad-request', told.join('; '))
}

const checked = (part: 'query' | 'body', schema: z.ZodType, value: unknown): unknown => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw fieldError(part, result.error)
}

/** Repeated names become arrays; a name given once is a text. */
const queryObject = (query: URLSearchParams): Record<string, string | string[]> => {
  const found: [string, string | string[]][] = [...new Set(query.keys())].map((name) => {
    const values = query.getAll(name)
    const [only = ''] = values
    return [name, values.length > 1 ? values : only]
  })
  return Object.fromEntries(found)
}

export const createDispatch = (ctx: ApiContext) => {
  const match = createMatch(routes)

  const authorize = async (
    route: Route,
    credentials: Credentials,
    trace: RequestTrace,
  ): Promise<Partial<AuthInput[Route['auth']]>> => {
    if (route.auth === 'none') return {}
    if (route.auth === 'bearer') {
      if (credentials.bearer === undefined) {
        throw new AppError(
          'bad-credentials',
          'Authorization: send "Bearer <token>" from POST /authentication.',
        )
      }
      return { bearer: credentials.bearer }
    }
    const caller = await ctx.accounts.authenticate(credentials, true)
    Object.assign(trace, caller)
    return { caller }
  }

  const platformCall = async (
    found: Extract<Match, { kind: 'route' }>,
    request: Request,
    credentials: Credentials,
  ): Promise<ApiReply> => {
    const { route, params } = found
    const auth = await authorize(route, credentials, request.trace)
    const reply = await route.handle({
      ctx,
      params,
      query: checked('query', route.query, queryObject(request.query)),
      body: checked('body', route.body, request.body ?? {}),
      trace: request.trace,
      ...auth,
    })
    return reply === undefined ? {} : { body: reply }
  }

  const openFor = async (credentials: Credentials, trace: RequestTrace) => {
    if (credentials.element === undefined) {
      throw new AppError(
        'bad-credentials',
        'Authorization: a hub call needs "User <user secret>, Element <element token>".',
      )
    }
    const caller = await ctx.accounts.authenticate(credentials, false)
    Object.assign(trace, caller)
    const instance = await ctx.instances.open(credentials.element, caller)
    trace.instanceId = instance.instanceId
    trace.elementKey = instance.element.key
    return instance
  }

  const onHub = async (
    segments: readonly string[],
    request: Request,
    credentials: Credentials,
  ): Promise<ApiReply> => {
    const instance = await openFor(credentials, request.trace)
    return hubCall(ctx.objects, instance, { ...request, segments }, request.trace)
  }

  const isResourceSomewhere = (name: string): boolean =>
    ctx.catalogue.all().some((element) => Object.hasOwn(element.resources, name))

  const onPlatform = async (found: Match, request: Request, credentials: Credentials): Promise<ApiReply> => {
    if (found.kind === 'route') return platformCall(found, request, credentials)
    const absent = notHere(request.path)
    if (absent !== undefined) {
      throw new AppError('not-here', `${absent}: Cloud Elements had this; this product does not have it.`)
    }
    if (found.kind === 'wrong-verb') {
      throw wrongVerb(request.method, request.path, found.allowed)
    }
    throw new AppError('not-found', `No path found: ${request.method} ${request.path}`)
  }

  /** A bare path: the instance's resource first, else the platform's, as spec/contract.md 1.2 has it. */
  const onBarePath = async (request: Request, credentials: Credentials): Promise<ApiReply> => {
    const { segments, method } = request
    const [first = ''] = segments
    const found = match(method, segments)
    if (platformOnly.has(first)) return onPlatform(found, request, credentials)
    if (credentials.element !== undefined && segments.length <= 2) {
      const known = found.kind !== 'none' || notHere(request.path) !== undefined
      if (!known) return onHub(segments, request, credentials)
      const instance = await openFor(credentials, request.trace)
      if (resourceNamed(instance, first) !== undefined) return onHub(segments, request, credentials)
    }
    if (found.kind === 'none' && isResourceSomewhere(first)) return onHub(segments, request, credentials)
    return onPlatform(found, request, credentials)
  }

  /** Answers one request. @throws AppError for whatever goes wrong. */
  return async (request: Request): Promise<ApiReply> => {
    const credentials = parseAuthorization(request.headers.authorization)
    const { segments } = request
    const isHubCall =
      segments[0] === 'hubs' && segments.length > 2 && !(segments.length === 3 && segments[2] === 'elements')
    if (isHubCall && notHere(request.path) === undefined)
      return onHub(segments.slice(2), request, credentials)
    return onBarePath(request, credentials)
  }
}
