import type { RequestListener, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type FastifyInstance, fastify, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import type { Logger } from 'pino'
import { errorForLog } from '#src/lib/error-for-log.ts'
import { AppError } from '#src/lib/errors.ts'
import { newRequestId } from '#src/lib/ids.ts'
import type { Later } from '#src/lib/later.ts'
import type { ApiReply, ApiRequest, FinishedCall } from './call.ts'
import { type Connections, createConnections } from './connections.ts'
import { wrongVerb } from './errors.ts'
import type { OtherRoutes } from './outside.ts'
import { refuseOnSocket } from './refusal.ts'
import { createRunCall } from './run-call.ts'

export interface HttpServerOptions<T> {
  /** Answers a call under `/elements/api-v2`. What it throws becomes an error body. */
  readonly dispatch: (request: ApiRequest<T>) => Later<ApiReply>
  readonly newTrace: () => T
  /** Called exactly once for every request that the HTTP parser let through, after its reply's last byte. */
  readonly onFinished: (call: FinishedCall<T>) => void
  readonly logger: Logger
  /** Whose X-Forwarded-For counts: nobody's, everybody's, or a comma list of addresses and CIDR ranges. */
  readonly trustProxy: boolean | string
  /** PEM; without it, plain HTTP. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer }
  readonly bodyLimitBytes: number
  readonly otherRoutes?: OtherRoutes
  /** How long the head of a request may take; default 20 s. */
  readonly headersTimeoutMs?: number
  /** How long a whole request may take to arrive; default 120 s. */
  readonly requestTimeoutMs?: number
  /** How long running calls may go on after a stop; default 8 s. */
  readonly stopDeadlineMs?: number
}

export interface HttpServer {
  /**
   * Starts to listen; port 0 takes a free one. @throws the error of node:net, such as EADDRINUSE.
   */
  readonly listen: (host: string, port: number) => Promise<{ readonly port: number }>
  /**
   * Answers new calls with 503, lets running ones finish until the deadline, then answers these with 503 too and
   * closes every connection. Further calls wait for the first.
   */
  readonly stop: () => Promise<void>
  /** One call without a socket, for tests. */
  readonly inject: (options: InjectOptions) => Promise<LightMyRequestResponse>
}

/** What an answer may take to leave after the deadline, before its connection is cut. */
const graceMs = 250

type Limits = Readonly<Record<'headersTimeout' | 'requestTimeout', number>>

const createFastify = (
  options: Pick<HttpServerOptions<unknown>, 'tls' | 'trustProxy'>,
  { headersTimeout, requestTimeout }: Limits,
  connections: Connections,
): FastifyInstance => {
  const http = {
    headersTimeout,
    connectionsCheckingInterval: Math.max(100, Math.min(5_000, headersTimeout / 2)),
    // Node would answer a missing Host with an empty body; the shell refuses it itself.
    requireHostHeader: false,
  }
  const common = {
    logger: false,
    trustProxy: options.trustProxy,
    requestTimeout,
    genReqId: newRequestId,
    return503OnClosing: false,
    // One path for all: routing is the dispatcher's, and a URL must not fail before the shell sees it.
    rewriteUrl: () => '/',
    clientErrorHandler: (error: Error, socket: Socket) => connections.refuse(error, socket),
  } as const
  const { tls } = options
  if (tls === undefined) return fastify({ ...common, http })
  return fastify({
    ...common,
    https: { ...http, cert: tls.cert, key: tls.key },
  }) as unknown as FastifyInstance
}

const watchServer = (server: Server, handle: RequestListener): void => {
  // Node would answer an unknown Expect with an empty 417.
  server.on('checkExpectation', handle)
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    refuseOnSocket(socket, wrongVerb('CONNECT', 'any path here', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
  })
}

const listenOn = async (
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  logger: Logger,
): Promise<{ readonly port: number }> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // Until here an error is the caller's to tell.
  server.on('error', (error) => logger.error({ err: errorForLog(error) }, 'the HTTP server had an error'))
  const address = server.address() as AddressInfo
  return { port: address.port }
}

/** The HTTP server of the API (spec, contract sections 1.3 and 1.4): every answer has a request id, every error a JSON body. */
export const createHttpServer = <T>(options: HttpServerOptions<T>): HttpServer => {
  const { logger, headersTimeoutMs = 20_000, requestTimeoutMs = 120_000, stopDeadlineMs = 8_000 } = options
  const connections = createConnections()
  let stopped: Promise<void> | undefined
  const app = createFastify(
    options,
    { headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs), requestTimeout: requestTimeoutMs },
    connections,
  )
  const runCall = createRunCall<T>({ ...options, connections, isStopping: () => stopped !== undefined })

  // Answered in the first hook, which never calls on: Fastify must neither route nor read the body.
  app.addHook('onRequest', (request, reply) => {
    try {
      runCall(request, reply)
    } catch (error) {
      logger.error({ requestId: request.id, err: errorForLog(error) }, 'a call broke')
      reply.raw.destroy()
    }
  })
  watchServer(app.server, (request, response) => app.routing(request, response))

  const close = async (): Promise<void> => {
    await connections.idle(stopDeadlineMs)
    connections.interruptAll(
      new AppError('stopping', 'Amalgam is stopping and the call took too long. Send it again.', {
        retryAfterSeconds: 5,
      }),
    )
    await connections.idle(graceMs)
    const cut = setTimeout(() => app.server.closeAllConnections(), graceMs)
    await app.close()
    clearTimeout(cut)
  }

  return {
    listen: async (host, port) => {
      await app.ready()
      return listenOn(app.server, { host, port }, logger)
    },
    stop: () => {
      stopped ??= close()
      return stopped
    },
    inject: (request) => app.inject(request),
  }
}
