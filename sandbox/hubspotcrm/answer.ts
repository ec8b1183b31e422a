import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Calls } from './calls.ts'
import { bodyOf, Refused } from './errors.ts'
import { type Fault, type FaultName, struck } from './faults.ts'
import type { Ask, Operation, Reply, Sandbox } from './operation.ts'
import { sha256 } from './state.ts'

/** One request from its first line to its last byte: find, let faults strike, check the token, run, write, note. */

const mostBytes = 5 * 1024 * 1024

const readBody = async (request: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size <= mostBytes) pieces.push(piece)
  }
  if (size > mostBytes) throw new Refused(413, 'VALIDATION_ERROR', 'The request body is too large')
  return Buffer.concat(pieces).toString('utf8')
}

const paramsOf = (pattern: string, path: string): Record<string, string> | undefined => {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? ''
    if (segment.startsWith('{')) params[segment.slice(1, -1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return params
}

interface Found {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
}

const find = (operations: readonly Operation[], method: string, path: string): Found => {
  const here = operations.flatMap((operation) => {
    const params = paramsOf(operation.path, path)
    return params === undefined ? [] : [{ operation, params }]
  })
  const hit = here.find(({ operation }) => operation.method === method)
  if (hit !== undefined) return hit
  if (here.length > 0) throw new Refused(405, 'VALIDATION_ERROR', `${method} is not allowed here`)
  throw new Refused(404, 'OBJECT_NOT_FOUND', 'resource not found')
}

/** @throws Refused 401, 403 in HubSpot's words. */
const checkToken = ({ state, clock }: Sandbox, { headers, params }: Ask, method: string): void => {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const token = bearer === undefined ? undefined : state.access.get(sha256(bearer))
  if (token === undefined) {
    const words = 'Authentication credentials not found. This API supports OAuth 2.0 authentication.'
    throw new Refused(401, 'INVALID_AUTHENTICATION', words)
  }
  if (token.expiresAt !== null && token.expiresAt <= clock.now()) {
    const words = 'The OAuth token used to make this call expired.'
    throw new Refused(401, 'EXPIRED_AUTHENTICATION', words)
  }
  const way = method === 'GET' || method === 'SEARCH' ? 'read' : 'write'
  const scope = `crm.objects.${params['object'] ?? ''}.${way}`
  if (token.scope.split(' ').includes(scope)) return
  const words = "This app hasn't been granted all required scopes to make this call."
  throw new Refused(403, 'MISSING_SCOPES', words, {
    errors: [{ message: words, context: { requiredGranularScopes: [scope] } }],
  })
}

/** A fault cuts the connection. */
class Cut extends Error {}

const createStrikes = ({ state }: Sandbox) => {
  const strike = (name: FaultName, operation: string): Fault | undefined => {
    const hit = struck(state.memory.faults, name, operation)
    if (hit === undefined) return undefined
    if (hit.left !== state.memory.faults) state.happened({ kind: 'faults', faults: hit.left })
    return hit.fault
  }
  const limit = (policyName: string, errorType: string) =>
    new Refused(429, 'RATE_LIMITS', `You have reached your ${policyName.toLowerCase()} limit.`, {
      errorType,
      policyName,
    })
  return {
    strike,
    /** @throws Refused, Cut: what a fault answers in place of the operation. */
    before: (operation: string): Readonly<Record<string, string>> | undefined => {
      if (strike('cut-connection', operation) !== undefined) throw new Cut()
      const failure = strike('server-error', operation)
      if (failure !== undefined) throw new Refused(failure.value ?? 500, 'INTERNAL_ERROR', 'internal error')
      if (strike('daily-limit', operation) !== undefined) throw limit('DAILY', 'RATE_LIMIT')
      const limited = strike('rate-limit', operation)
      if (limited === undefined) return undefined
      throw Object.assign(limit('TEN_SECONDLY_ROLLING', 'RATE_LIMIT'), {
        headers: limited.value === undefined ? {} : { 'retry-after': String(limited.value) },
      })
    },
  }
}

const refusedReply = (error: unknown, correlationId: string): Reply => {
  if (error instanceof Cut) throw error
  const refused =
    error instanceof Refused ? error : new Refused(500, 'INTERNAL_ERROR', 'the sandbox itself failed')
  const headers = 'headers' in refused ? (refused.headers as Record<string, string>) : {}
  return { status: refused.status, headers, body: bodyOf(refused, correlationId) }
}

const write = (response: ServerResponse, reply: Reply, spoil: boolean): void => {
  const text = reply.html ?? (reply.body === undefined ? '' : JSON.stringify(reply.body))
  const sent = spoil ? `${text.slice(0, Math.ceil(text.length / 2))}\u0000<}{>` : text
  const type = reply.html === undefined ? 'application/json;charset=utf-8' : 'text/html; charset=utf-8'
  response.writeHead(reply.status, {
    ...(text === '' ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(sent)) }),
    ...reply.headers,
  })
  response.end(text === '' ? undefined : sent)
}

const searched = (operation: string, body: string): { body?: unknown } => {
  try {
    return operation === 'search' ? { body: JSON.parse(body) as unknown } : {}
  } catch {
    return {}
  }
}

export const createAnswer = (sandbox: Sandbox, operations: readonly Operation[], calls: Calls) => {
  const strikes = createStrikes(sandbox)
  const run = (operation: Operation, ask: Ask): Reply => {
    if (operation.access !== 'page') strikes.before(operation.name)
    if (operation.access === 'token')
      checkToken(sandbox, ask, operation.name === 'search' ? 'SEARCH' : operation.method)
    return operation.run(sandbox, ask)
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const correlationId = randomUUID()
    const { method = '', url = '/', headers } = request
    const { pathname, searchParams: query } = new URL(url, 'http://sandbox')
    let operation: Operation | undefined
    let body = ''
    try {
      let reply: Reply
      try {
        const found = find(operations, method, pathname)
        operation = found.operation
        body = await readBody(request)
        reply = run(operation, { query, params: found.params, headers, body })
      } catch (error) {
        reply = refusedReply(error, correlationId)
      }
      const counted = operation !== undefined && operation.access !== 'page' ? operation.name : undefined
      if (counted !== undefined)
        calls.note({
          operation: counted,
          method,
          path: url,
          status: reply.status,
          ...searched(counted, body),
        })
      response.setHeader('x-hubspot-correlation-id', correlationId)
      response.setHeader('date', new Date(sandbox.clock.now()).toUTCString())
      const spoil = counted !== undefined && strikes.strike('malformed-body', counted) !== undefined
      write(response, reply, spoil)
    } catch {
      // A cut connection, or a caller that went away while we wrote.
      response.destroy()
    }
  }
}
