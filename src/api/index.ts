// HTTP: which path means what, who may call it, and what is answered. No business rule, no SQL.
import type { Logger } from 'pino'
import type { RequestTrace } from '#src/services/index.ts'
import { apiBase } from './base.ts'
import { createDispatch } from './dispatch.ts'
import { createHostPaths } from './host-paths.ts'
import { createHttpServer, type HttpServer, type OutsideReply, type OutsideRequest } from './http/index.ts'
import type { Pages } from './pages/load-pages.ts'
import { servePages } from './pages/serve-pages.ts'
import type { ApiContext } from './route.ts'

export { apiBase } from './base.ts'
export { jobHeader } from './dispatch.ts'
export type { HttpServer } from './http/index.ts'
export { loadPages } from './pages/load-pages.ts'
export type { ApiContext } from './route.ts'

export interface ApiOptions {
  readonly logger: Logger
  readonly trustProxy: boolean | string
  /** Every call comes from this program itself. */
  readonly isOwn?: boolean
  /** The page for people; without it, only the API is served. */
  readonly pages?: Pages | undefined
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer }
}

const bodyLimitBytes = 10 * 1024 * 1024

/** Paths of the host first, then the page. */
const otherRoutes = (ctx: ApiContext, pages: Pages | undefined) => {
  const hostPaths = createHostPaths(ctx)
  return async (request: OutsideRequest): Promise<OutsideReply | undefined> =>
    (await hostPaths(request)) ?? (pages === undefined ? undefined : servePages(pages, request))
}

/** The API server; every finished call goes to the request log. */
export const createApi = (ctx: ApiContext, options: ApiOptions): HttpServer =>
  createHttpServer<RequestTrace>({
    ...options,
    bodyLimitBytes,
    otherRoutes: otherRoutes(ctx, options.pages),
    dispatch: createDispatch(ctx, options.isOwn),
    newTrace: () => ({ vendorCalls: [] }),
    onFinished: (call) => {
      if (call.area === 'health') return
      ctx.requestLog.add({
        requestId: call.requestId,
        method: call.method,
        path: call.area === 'api' ? `${apiBase}${call.path}` : call.path,
        status: call.status,
        ms: call.ms,
        remoteAddress: call.remoteAddress,
        startedAt: call.startedAt,
        errorCode: call.error?.code,
        trace: call.trace,
      })
    },
  })
