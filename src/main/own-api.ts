import type { Logger } from 'pino'
import { type ApiContext, apiBase, createApi, type HttpServer, jobHeader } from '#src/api/index.ts'
import { nowhere, type OwnCall, type OwnReply } from '#src/services/index.ts'

const textOf = (value: string | string[] | number | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : String(value)

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Calls of our own API over no socket, for whatever runs them in the background: the API is made with the first one,
 * and does not listen.
 * @param context the rooms, once they are built; one of them is who calls.
 */
export const createOwnApi = (context: () => ApiContext & { readonly logger: Logger }) => {
  let api: HttpServer | undefined

  return {
    call: async ({ method, target, headers, body, jobId, signal }: OwnCall): Promise<OwnReply> => {
      const rooms = context()
      api ??= createApi(rooms, { logger: rooms.logger, trustProxy: false, isOwn: true })
      const reply = await api.inject({
        method: method as Method,
        url: `${apiBase}${target}`,
        headers: { ...headers, ...(jobId === undefined ? {} : { [jobHeader]: String(jobId) }) },
        remoteAddress: nowhere,
        signal,
        ...(body === undefined ? {} : { payload: body }),
      })
      return {
        status: reply.statusCode,
        headers: Object.fromEntries(
          Object.entries(reply.headers).map(([name, value]) => [name, textOf(value)]),
        ),
        body: reply.rawPayload,
      }
    },
    /** Lets running calls finish for some seconds. */
    stop: async (): Promise<void> => {
      await api?.stop()
    },
  }
}
