import { z } from 'zod'
import { AbridgedElementReply, ElementQuery, HubReply, HydrateQuery } from '#src/contract/index.ts'
import { elementsReply } from '../elements/page.ts'
import { defineRoute } from '../route.ts'

export const listHubs = defineRoute({
  method: 'GET',
  path: '/hubs',
  auth: 'platform',
  query: HydrateQuery,
  reply: z.array(HubReply),
  handle: async ({ ctx, caller, query }) =>
    (await ctx.catalogue.seenNow(caller)).hubs.all(query.hydrate ?? false),
})

export const listHubKeys = defineRoute({
  method: 'GET',
  path: '/hubs/keys',
  auth: 'platform',
  reply: z.array(z.string()),
  handle: async ({ ctx, caller }) => [...(await ctx.catalogue.seenNow(caller)).hubs.keys()],
})

export const readHub = defineRoute({
  method: 'GET',
  path: '/hubs/{hub}',
  auth: 'platform',
  query: HydrateQuery,
  reply: HubReply,
  handle: async ({ ctx, caller, params, query }) =>
    (await ctx.catalogue.seenNow(caller)).hubs.get(params.hub ?? '', query.hydrate ?? false),
})

export const listHubElements = defineRoute({
  method: 'GET',
  path: '/hubs/{hub}/elements',
  auth: 'platform',
  query: ElementQuery,
  reply: z.array(AbridgedElementReply),
  handle: async ({ ctx, caller, params, query }) =>
    elementsReply((await ctx.catalogue.seenNow(caller)).list(query, params.hub ?? '')),
})
