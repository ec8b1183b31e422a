import { z } from 'zod'
import { InboundReply } from '#src/contract/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { defineRoute, type HandlerInput } from '../route.ts'

type Input = HandlerInput<unknown, unknown>

const isEmpty = (body: Json): boolean => isJsonObject(body) && Object.keys(body).length === 0

const receive = async ({ ctx, params, query, body, headers }: Input, isGet: boolean) => {
  const asked = query as JsonObject
  const header = headers['element-instances']
  const eventIds = await ctx.events.receive({
    elementKeyOrId: params.elementKey ?? '',
    pathId: params.id,
    headerIds: typeof header === 'string' ? header : undefined,
    // Some vendors post without a body, and say all in the query.
    payload: isGet || isEmpty(body as Json) ? asked : (body as Json),
    query: asked,
  })
  return { eventIds: [...eventIds] }
}

/** A vendor's calls (spec/contract.md 6.4): nobody's secrets are asked for, and whatever they hold is kept. */
const routesAt = (path: string) => [
  defineRoute({
    method: 'POST',
    path,
    auth: 'none',
    takesForms: true,
    query: z.record(z.string(), z.unknown()),
    reply: InboundReply,
    handle: (input) => receive(input, false),
  }),
  defineRoute({
    method: 'GET',
    path,
    auth: 'none',
    query: z.record(z.string(), z.unknown()),
    reply: InboundReply,
    handle: (input) => receive(input, true),
  }),
]

export const inboundRoutes = [...routesAt('/events/{elementKey}'), ...routesAt('/events/{elementKey}/{id}')]
