import { z } from 'zod'
import {
  AbridgedElementReply,
  ElementConfigurationReply,
  ElementMetadataReply,
  ElementQuery,
  ElementReply,
  ElementResourceReply,
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
  handle: async ({ ctx, query }) => elementsReply(ctx.catalogue.list(query)),
})

export const listElementKeys = defineRoute({
  method: 'GET',
  path: '/elements/keys',
  auth: 'platform',
  reply: z.array(z.string()),
  handle: async ({ ctx }) => ctx.catalogue.all().map(({ key }) => key),
})

export const listElementMetadata = defineRoute({
  method: 'GET',
  path: '/elements/metadata',
  auth: 'platform',
  query: ExpandQuery,
  reply: z.array(z.union([ExpandedMetadataReply, ElementMetadataReply])),
  handle: async ({ ctx, query }) =>
    ctx.catalogue.all().map(query.expand ? ctx.catalogue.expandedMetadata : ctx.catalogue.metadata),
})

export const readElementMetadata = defineRoute({
  method: 'GET',
  path: '/elements/{element}/metadata',
  auth: 'platform',
  query: ExpandQuery,
  reply: z.union([ExpandedMetadataReply, ElementMetadataReply]),
  handle: async ({ ctx, params, query }) => {
    const element = ctx.catalogue.find(params.element ?? '')
    return query.expand ? ctx.catalogue.expandedMetadata(element) : ctx.catalogue.metadata(element)
  },
})

export const readElement = defineRoute({
  method: 'GET',
  path: '/elements/{element}',
  auth: 'platform',
  reply: ElementReply,
  handle: async ({ ctx, params }) => ctx.catalogue.json(ctx.catalogue.find(params.element ?? '')),
})

export const exportElement = defineRoute({
  method: 'GET',
  path: '/elements/{element}/export',
  auth: 'platform',
  query: ExportQuery,
  reply: ElementReply,
  handle: async ({ ctx, params, query }) =>
    ctx.catalogue.exported(ctx.catalogue.find(params.element ?? ''), query.extendedOnly ?? false),
})

export const readElementConfiguration = defineRoute({
  method: 'GET',
  path: '/elements/{element}/configuration',
  auth: 'platform',
  reply: ElementConfigurationReply,
  handle: async ({ ctx, params }) => ({
    configuration: ctx.catalogue.configuration(ctx.catalogue.find(params.element ?? '')),
  }),
})

export const listElementResources = defineRoute({
  method: 'GET',
  path: '/elements/{element}/resources',
  auth: 'platform',
  reply: z.array(ElementResourceReply),
  handle: async ({ ctx, params }) => ctx.catalogue.resources(ctx.catalogue.find(params.element ?? '')),
})

export const readElementResource = defineRoute({
  method: 'GET',
  path: '/elements/{element}/resources/{resource}',
  auth: 'platform',
  reply: ElementResourceReply,
  handle: async ({ ctx, params }) =>
    ctx.catalogue.resource(ctx.catalogue.find(params.element ?? ''), params.resource ?? ''),
})
