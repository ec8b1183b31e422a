import { z } from 'zod'
import {
  AbridgedElementReply,
  ElementConfigurationReply,
  ElementMetadataReply,
  ElementQuery,
  ElementReply,
  ExpandedMetadataReply,
  ExpandQuery,
  ExportQuery,
} from '#src/contract/index.ts'
import { defineRoute } from '../route.ts'
import { elementsReply } from './page.ts'

export const listElements = defineRoute({
  method: 'GET',
  path: '/elements',
  auth: 'platform',
  query: ElementQuery,
  reply: z.array(AbridgedElementReply),
  handle: async ({ ctx, caller, query }) => elementsReply((await ctx.catalogue.seenNow(caller)).list(query)),
})

export const listElementKeys = defineRoute({
  method: 'GET',
  path: '/elements/keys',
  auth: 'platform',
  reply: z.array(z.string()),
  handle: async ({ ctx, caller }) => (await ctx.catalogue.seenNow(caller)).all().map(({ key }) => key),
})

export const listElementMetadata = defineRoute({
  method: 'GET',
  path: '/elements/metadata',
  auth: 'platform',
  query: ExpandQuery,
  reply: z.array(z.union([ExpandedMetadataReply, ElementMetadataReply])),
  handle: async ({ ctx, caller, query }) =>
    (await ctx.catalogue.seenNow(caller))
      .all()
      .map(query.expand ? ctx.catalogue.expandedMetadata : ctx.catalogue.metadata),
})

export const readElementMetadata = defineRoute({
  method: 'GET',
  path: '/elements/{element}/metadata',
  auth: 'platform',
  query: ExpandQuery,
  reply: z.union([ExpandedMetadataReply, ElementMetadataReply]),
  handle: async ({ ctx, caller, params, query }) => {
    const element = await ctx.catalogue.find(caller, params.element ?? '')
    return query.expand ? ctx.catalogue.expandedMetadata(element) : ctx.catalogue.metadata(element)
  },
})

export const readElement = defineRoute({
  method: 'GET',
  path: '/elements/{element}',
  auth: 'platform',
  reply: ElementReply,
  handle: async ({ ctx, caller, params }) =>
    ctx.catalogue.json(await ctx.catalogue.find(caller, params.element ?? '')),
})

export const exportElement = defineRoute({
  method: 'GET',
  path: '/elements/{element}/export',
  auth: 'platform',
  query: ExportQuery,
  reply: ElementReply,
  handle: async ({ ctx, caller, params, query }) =>
    ctx.catalogue.exported(
      await ctx.catalogue.find(caller, params.element ?? ''),
      query.extendedOnly ?? false,
    ),
})

export const readElementConfiguration = defineRoute({
  method: 'GET',
  path: '/elements/{element}/configuration',
  auth: 'platform',
  reply: ElementConfigurationReply,
  handle: async ({ ctx, caller, params }) => ({
    configuration: ctx.catalogue.configuration(await ctx.catalogue.find(caller, params.element ?? '')),
  }),
})
