import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '#src/lib/errors.ts'

/** A call outside `/elements/api-v2`. */
export interface OutsideRequest {
  /** GET for HEAD. */
  readonly method: string
  /** Raw, doubled and trailing slashes gone. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

export interface OutsideReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | Buffer
}

/** Serves paths outside the API, such as pages; undefined for a path it does not know. */
export type OtherRoutes = (request: OutsideRequest) => Promise<OutsideReply | undefined>

/** @throws AppError `not-found`, saying where the API is. */
export const answerOutside = async (
  routes: OtherRoutes | undefined,
  request: OutsideRequest,
): Promise<OutsideReply> => {
  const reply = await routes?.(request)
  if (reply !== undefined) return reply
  throw new AppError(
    'not-found',
    'No path found here. The API is at /elements/api-v2, for instance /elements/api-v2/elements; GET /health tells whether it runs.',
  )
}
