import type { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { Caller, RequestTrace } from '#src/services/index.ts'
import { readTextBody } from './events/text-body.ts'
import {
  type ApiReply,
  type ApiRequest,
  type Credentials,
  isFromPage,
  pageHeader,
  readCredentials,
  refuseMediaType,
  wrongVerb,
} from './http/index.ts'
import { hubCall, type Opened } from './hub.ts'
import { passthroughName } from './hub-files.ts'
import { createIsForHub } from './is-for-hub.ts'
import { createLater, mayBeLater, type Owner } from './later.ts'
import { createMatch, type Match } from './match.ts'
import { notHere } from './not-here.ts'
import { valuesOf } from './parameters.ts'
import { type ApiContext, type AuthInput, apiReply, type Route } from './route.ts'
import { routes } from './routes.ts'

type Request = ApiRequest<RequestTrace>

/** `resources[3].method`. */
const inBrackets = (path: readonly PropertyKey[]): string =>
  path
    .map((name, at) => (typeof name === 'number' ? `[${name}]` : `${at === 0 ? '' : '.'}${String(name)}`))
    .join('')

const fieldError = (part: 'query' | 'body', error: z.ZodError, brackets: boolean): AppError => {
  const told = error.issues.slice(0, 5).map(({ path, message }) => {
    const member = brackets ? inBrackets(path) : path.join('.')
    return `${member || part}: ${message}`
  })
  return new AppError('bad-request', told.join('; '))
}

const checked = (part: 'query' | 'body', schema: z.ZodType, value: unknown, brackets = false): unknown => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw fieldError(part, result.error, brackets)
}

const refuseNul = (query: URLSearchParams): void => {
  if (query.size === 0) return
  for (const [name, value] of query) {
    if (!name.includes('\u0000') && !value.includes('\u0000')) continue
    throw new AppError('bad-request', 'query: a parameter holds a NUL character (%00); leave it out.')
  }
}

const nothingThere = (found: Match, { method, path }: Request): AppError => {
  const absent = notHere(path)
  if (absent !== undefined)
    return new AppError('not-here', `${absent}: Cloud Elements had this; this product does not have it.`)
  if (found.kind === 'wrong-verb') return wrongVerb(method, path, found.allowed)
  return new AppError('not-found', `No path found: ${method} ${path}`)
}

const noteCaller = (trace: RequestTrace, { organizationId, accountId, userId }: Caller): void => {
  trace.organizationId = organizationId
  trace.accountId = accountId
  trace.userId = userId
}

/** Says of which job a call is a run: what this program says to itself, and nobody else is believed. */
export const jobHeader = 'amalgam-job'

/**
 * @param isOwn whether every call comes from this program itself.
 */
export const createDispatch = (ctx: ApiContext, isOwn = false) => {
  const match = createMatch(routes)

  const callerOf = (credentials: Credentials, needsOrganization: boolean): Later<Caller> =>
    credentials.session === undefined
      ? ctx.accounts.authenticate(credentials, needsOrganization)
      : ctx.accounts.callerOfSession(credentials.session)

  const authorize = async (
    route: Route,
    credentials: Credentials,
    trace: RequestTrace,
  ): Promise<Partial<AuthInput[Route['auth']]>> => {
    if (route.auth === 'none') return {}
    if (route.auth === 'page') return { session: credentials.session }
    if (route.auth === 'bearer') {
      const bearer = credentials.bearer ?? credentials.session
      if (bearer === undefined) {
        throw new AppError(
          'bad-credentials',
          'Authorization: send "Bearer <token>" from POST /authentication.',
        )
      }
      return { bearer }
    }
    const caller = await callerOf(credentials, true)
    noteCaller(trace, caller)
    if (route.auth === 'platform') return { caller, element: credentials.element }
    if (credentials.element === undefined) {
      throw new AppError(
        'bad-credentials',
        'Authorization: without an id in its path this call needs "User <user secret>, Organization <organization secret>, Element <element token>".',
      )
    }
    return { caller, instanceId: await ctx.instances.idOfToken(caller, credentials.element) }
  }

  const platformCall = async (
    found: Extract<Match, { kind: 'route' }>,
    request: Request,
    credentials: Credentials,
  ): Promise<ApiReply> => {
    const { route, params } = found
    if (request.upload !== undefined && route.takesForms !== true) refuseMediaType()
    const auth = await authorize(route, credentials, request.trace)
    const sent = request.upload === undefined ? request.body : await readTextBody(request.upload)
    const result = await route.handle({
      ctx,
      params,
      query: checked('query', route.query, valuesOf(request.query)),
      body: checked('body', route.body, sent ?? {}, route.namesInBrackets),
      headers: request.headers,
      requestId: request.requestId,
      trace: request.trace,
      signal: request.signal,
      ...auth,
    })
    return apiReply(result)
  }

  /** What only the page asks: nobody else's form or script can send its header. */
  const onPage = (
    found: Extract<Match, { kind: 'route' }>,
    request: Request,
    credentials: Credentials,
  ): Promise<ApiReply> => {
    if (isFromPage(request.headers)) return platformCall(found, request, credentials)
    throw new AppError('bad-request', `${pageHeader}: missing. Programs log in with POST /authentication.`)
  }

  const openFor = (credentials: Credentials, trace: RequestTrace, allowDisabled = false): Later<Opened> => {
    const { element } = credentials
    if (element === undefined) {
      throw new AppError(
        'bad-credentials',
        'Authorization: a hub call needs "User <user secret>, Element <element token>".',
      )
    }
    return andThen(callerOf(credentials, false), (caller) => {
      noteCaller(trace, caller)
      return andThen(ctx.instances.open(element, caller, { allowDisabled }), (instance) => {
        trace.instanceId = instance.instanceId
        trace.elementKey = instance.element.key
        return { caller, instance }
      })
    })
  }

  const onHub = (
    segments: readonly string[],
    request: Request,
    credentials: Credentials,
  ): Later<ApiReply> => {
    // What objects there are does not depend on the connection (spec/behaviour.md 2, enabled).
    request.trace.isHubCall = true
    const { method, query, queryText, isHead, headers, body, upload, path, signal, trace } = request
    const { publicUrl } = ctx
    // Named one by one: to spread them takes many times as long.
    const asked = {
      method,
      segments,
      query,
      queryText,
      isHead,
      publicUrl,
      headers,
      body,
      upload,
      path,
      signal,
      jobId: isOwn && headers[jobHeader] !== undefined ? Number(headers[jobHeader]) : undefined,
    }
    return andThen(openFor(credentials, trace, segments[0] === 'objects'), (opened) =>
      hubCall(ctx, opened, asked, trace),
    )
  }

  const isForHub = createIsForHub(ctx.catalogue, callerOf, openFor)

  /** Whether it is a call of an element that has events of its own, for the one who is named in it. */
  const ofElementsEvents = async (found: Match, request: Request): Promise<Credentials | undefined> => {
    if (request.segments[0] !== 'events') return undefined
    try {
      const credentials = readCredentials(request.headers)
      if (credentials.element === undefined) return undefined
      return (await isForHub(found, request, credentials)) ? credentials : undefined
    } catch {
      return undefined
    }
  }

  /** What asks for nobody's secrets takes whatever header a client sends by habit. */
  const onOpenPath = async (
    found: Extract<Match, { kind: 'route' }>,
    request: Request,
  ): Promise<ApiReply> => {
    const credentials = await ofElementsEvents(found, request)
    return credentials === undefined
      ? platformCall(found, request, {})
      : onHub(request.segments, request, credentials)
  }

  const onPlatform = async (found: Match, request: Request, credentials: Credentials): Promise<ApiReply> => {
    if (found.kind === 'route') return platformCall(found, request, credentials)
    throw nothingThere(found, request)
  }

  const onBarePath = async (found: Match, request: Request, credentials: Credentials): Promise<ApiReply> => {
    if (await isForHub(found, request, credentials)) return onHub(request.segments, request, credentials)
    return onPlatform(found, request, credentials)
  }

  /** Whether a path names a hub and something of it. A vendor's path may hold any word. */
  const isOfHub = ({ segments, path }: Request): boolean =>
    segments[0] === 'hubs' &&
    segments.length > 2 &&
    !(segments.length === 3 && segments[2] === 'elements') &&
    (segments[2] === passthroughName || notHere(path) === undefined)

  /** Who a call is from; it is refused at once where it would be refused for that. */
  const ownerOf = async (request: Request): Promise<Owner> => {
    const { method, segments, trace } = request
    const credentials = readCredentials(request.headers)
    const found = match(method, segments)
    const named = isOfHub(request)
    if (named || (await isForHub(found, request, credentials))) {
      const first = named ? segments[2] : segments[0]
      const { caller, instance } = await openFor(credentials, trace, first === 'objects')
      return { caller, instanceId: instance.instanceId }
    }
    if (found.kind !== 'route') throw nothingThere(found, request)
    if (request.upload !== undefined) refuseMediaType()
    const { caller, instanceId } = (await authorize(found.route, credentials, trace)) as Partial<Owner>
    if (caller !== undefined) return { caller, instanceId: instanceId ?? null }
    throw new AppError(
      'bad-request',
      "Elements-Async-Request, Elements-Schedule-Request: this call is nobody's, so nobody could own its result. Leave them out.",
    )
  }

  const now = (request: Request): Later<ApiReply> => {
    const { segments } = request
    const credentials = () => readCredentials(request.headers)
    if (isOfHub(request)) return onHub(segments.slice(2), request, credentials())
    const found = match(request.method, segments)
    if (found.kind === 'route' && found.route.auth === 'none') return onOpenPath(found, request)
    if (found.kind === 'route' && found.route.auth === 'page') return onPage(found, request, credentials())
    return onBarePath(found, request, credentials())
  }

  const later = createLater(ctx, ownerOf, async (request) => now(request))

  /** Answers one request. @throws AppError for whatever goes wrong. */
  return (request: Request): Later<ApiReply> => {
    refuseNul(request.query)
    return mayBeLater(request.headers) ? later(request) : now(request)
  }
}
