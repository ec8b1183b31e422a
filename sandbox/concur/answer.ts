import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkBearer } from './bearer.ts'
import { maskPath } from './calls.ts'
import { renameCollection } from './collection-key.ts'
import { type Family, Refused, refusalReply } from './errors.ts'
import { numberOf } from './faults.ts'
import { sha256 } from './ids.ts'
import { receiveUpload } from './images/receive.ts'
import { type Inbound, readInbound } from './inbound.ts'
import { rewriteNextPage } from './next-page.ts'
import { clientOf } from './oauth/app.ts'
import type { Ask, Operation, Sandbox } from './operation.ts'
import { readBody } from './read-body.ts'
import { type Rendered, type Reply, render } from './reply.ts'
import { pause, send } from './send.ts'

/** One request from its first line to its last byte: let faults strike, check, run, write, note. */

/** A fault cuts the connection. */
class Cut extends Error {}

/** Pages and control calls: no faults, no counting, no tokens. */
const isPeoples = (family: Family): boolean => family === 'control' || family === 'page'

interface More {
  readonly headers?: Readonly<Record<string, string>>
  readonly code?: string
}

/** Shapes of v3 errors that the schemas declare or that were seen, besides the documented one. */
const errorShape = (sandbox: Sandbox, { family, name, path }: Inbound): { shape?: string | number } => {
  const asked = family === 'v3' ? sandbox.faults.strike('error-shape', name)?.value : undefined
  // Vendors v3.1 declares the message alone.
  const shape = asked ?? (path === '/api/v3.1/invoice/vendors' ? 'bare' : undefined)
  return shape === undefined ? {} : { shape }
}

const refuse = (
  sandbox: Sandbox,
  inbound: Inbound,
  status: number,
  message: string,
  more: More = {},
): Reply =>
  refusalReply({
    ...{ family: inbound.family, path: inbound.path, format: inbound.format, now: sandbox.clock.now() },
    ...errorShape(sandbox, inbound),
    status,
    message,
    ...more,
  })

/** The faults that answer in place of the operation. */
const struckReply = (sandbox: Sandbox, inbound: Inbound): Reply | undefined => {
  const { faults } = sandbox
  const failure = faults.strike('server-error', inbound.name)
  if (failure !== undefined) {
    return refuse(sandbox, inbound, numberOf(failure, 500), 'The service failed. Please try again.')
  }
  const limited = faults.strike('rate-limit', inbound.name)
  if (limited !== undefined) {
    const headers = limited.value === undefined ? {} : { 'retry-after': String(limited.value) }
    return refuse(sandbox, inbound, 429, 'Too many requests', { headers })
  }
  const dated = faults.strike('rate-limit-date', inbound.name)
  if (dated !== undefined) {
    // The machine's clock, by which callers wait: the sandbox's own may stand elsewhere.
    const until = new Date(Date.now() + numberOf(dated, 1) * 1000 + 999)
    const headers = { 'retry-after': until.toUTCString() }
    return refuse(sandbox, inbound, 429, 'Too many requests', { headers })
  }
  return faults.strike('rate-limit-400', inbound.name) === undefined
    ? undefined
    : refuse(sandbox, inbound, 400, 'Rate limit exceeded')
}

const cutIf = (sandbox: Sandbox, name: string, when: 'before' | 'after'): void => {
  const fault = sandbox.state.memory.faults.find(
    (item) => item.fault === 'cut-connection' && (item.operation ?? name) === name,
  )
  if (fault === undefined || (fault.value ?? 'before') !== when) return
  if (sandbox.faults.strike('cut-connection', name) !== undefined) throw new Cut()
}

const runChecked = async (
  sandbox: Sandbox,
  inbound: Inbound,
  operation: Operation,
  ask: Omit<Ask, 'principal' | 'scope' | 'client'>,
): Promise<Reply> => {
  cutIf(sandbox, operation.name, 'before')
  const slow = sandbox.faults.strike('slow', operation.name)
  if (slow !== undefined) await pause(numberOf(slow, 1000))
  const struck = struckReply(sandbox, inbound)
  if (struck !== undefined) return struck
  // SAP Concur refuses chunked requests: HTTP status codes page. Verified: 2026-08
  if (inbound.request.headers['transfer-encoding'] !== undefined) {
    throw new Refused(400, 'Transfer-Encoding: chunked is not supported; send Content-Length')
  }
  const token = operation.access === 'open' ? null : checkBearer(sandbox, operation, inbound)
  if (operation.deprecated !== undefined && sandbox.faults.strike('refuse-deprecated', operation.name)) {
    throw new Refused(403, 'Forbidden: this API is deprecated and closed to this application')
  }
  const principal = token?.principal ?? null
  const reply = await operation.run(sandbox, {
    ...ask,
    principal,
    scope: token?.scope ?? '',
    client: clientOf(token ?? {}),
  })
  cutIf(sandbox, operation.name, 'after')
  return renameCollection(
    sandbox.faults,
    operation.name,
    rewriteNextPage(sandbox.faults, operation.name, reply),
  )
}

const run = async (sandbox: Sandbox, inbound: Inbound): Promise<Reply> => {
  const { found, method, path, query, name, dataCentre, origin, baseUrl } = inbound
  if (found.kind === 'no-path') throw new Refused(404, 'No such resource')
  if (found.kind === 'no-method') {
    const allow = found.allowed.join(', ')
    const headers = { allow }
    return refuse(sandbox, inbound, 405, `${method} is not allowed here; allowed: ${allow}`, { headers })
  }
  const { uploadBytes } = found.operation
  const upload =
    uploadBytes === undefined ? null : await receiveUpload(sandbox.files, inbound.request, uploadBytes)
  const ask = {
    upload,
    ...{ method, dataCentre, path, query, origin, baseUrl, params: found.params },
    headers: inbound.request.headers,
    operation: name,
    body: upload === null ? await readBody(inbound.request) : Buffer.alloc(0),
    noteGrant: (grant: string) => {
      inbound.grant = grant
    },
    noteIssued: (refreshToken: string) => {
      inbound.issued = sha256(refreshToken).slice(0, 16)
    },
  }
  try {
    return isPeoples(inbound.family)
      ? await found.operation.run(sandbox, { ...ask, principal: null, scope: '', client: '' })
      : await runChecked(sandbox, inbound, found.operation, ask)
  } finally {
    upload?.discard()
  }
}

const problemReply = (sandbox: Sandbox, inbound: Inbound, error: unknown): Reply => {
  if (error instanceof Cut) throw error
  if (!(error instanceof Refused)) {
    return refuse(sandbox, inbound, 500, 'The sandbox itself failed; this is not a fault that was asked for')
  }
  return refuse(sandbox, inbound, error.status, error.message, {
    // What is left of a body that is too large is not read.
    ...(error.status === 413 ? { headers: { connection: 'close' } } : {}),
    ...(error.code === undefined ? {} : { code: error.code }),
  })
}

/** Follows: developer.concur.com, release notes of March 2026; RFC 8594 for the date. Verified: 2026-08 */
const deprecationHeaders = ({ found }: Inbound): Readonly<Record<string, string>> => {
  const deprecated = found.kind === 'found' ? found.operation.deprecated : undefined
  return deprecated === undefined
    ? {}
    : { 'x-api-warn': deprecated.warning, sunset: new Date(deprecated.sunsetAt).toUTCString() }
}

/** Puts the call on the list; the returned function says that the whole reply was sent. */
const note = (sandbox: Sandbox, inbound: Inbound, status: number): (() => void) => {
  if (isPeoples(inbound.family)) return () => undefined
  const { name, method, grant, issued, correlationId, startedAt } = inbound
  return sandbox.calls.add({
    at: new Date(sandbox.clock.now()).toISOString(),
    operation: name,
    method,
    path: maskPath(inbound.request.url ?? '/'),
    status,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    grant,
    issued,
    correlationId,
  })
}

/** Half of the body with a good end of the transfer: no reader can parse it. */
const malformed = (sandbox: Sandbox, { family, name }: Inbound, reply: Rendered): Rendered => {
  const spared = isPeoples(family) || reply.bytes.length === 0
  if (spared || sandbox.faults.strike('malformed-body', name) === undefined) return reply
  const half = reply.bytes.subarray(0, Math.ceil(reply.bytes.length / 2))
  return { ...reply, bytes: Buffer.concat([half, Buffer.from('\u0000<}{>')]) }
}

export const createAnswer =
  (sandbox: Sandbox, port: () => number) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const inbound = readInbound(request, port())
    try {
      const reply = await run(sandbox, inbound).catch((error: unknown) =>
        problemReply(sandbox, inbound, error),
      )
      const headers = { ...deprecationHeaders(inbound), ...reply.headers }
      const rendered = malformed(sandbox, inbound, render({ ...reply, headers }, inbound.format))
      response.once('finish', note(sandbox, inbound, rendered.status))
      response.setHeader('concur-correlationid', inbound.correlationId)
      response.setHeader('date', new Date(sandbox.clock.now()).toUTCString())
      await send(
        response,
        rendered,
        isPeoples(inbound.family) ? null : sandbox.faults,
        inbound.name,
        sandbox.files,
      )
    } catch {
      // A cut connection (asked for by a fault), or a caller that went away while we wrote.
      if (!response.headersSent) note(sandbox, inbound, 0)
      response.destroy()
    }
  }
