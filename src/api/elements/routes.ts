import { z } from 'zod'
import { ElementMetadataReply, ElementReply, OauthUrlInput, OauthUrlReply } from '#src/contract/index.ts'
import { type ApiContext, defineRoute } from '../route.ts'

export const listElements = defineRoute({
  method: 'GET',
  path: '/elements',
  auth: 'platform',
  reply: z.array(ElementReply),
  handle: async ({ ctx }) => ctx.catalogue.all().map(ctx.catalogue.json),
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
  reply: z.array(ElementMetadataReply),
  handle: async ({ ctx }) => ctx.catalogue.all().map(ctx.catalogue.metadata),
})

export const readElementMetadata = defineRoute({
  method: 'GET',
  path: '/elements/{element}/metadata',
  auth: 'platform',
  reply: ElementMetadataReply,
  handle: async ({ ctx, params }) => ctx.catalogue.metadata(ctx.catalogue.find(params.element ?? '')),
})

export const readElement = defineRoute({
  method: 'GET',
  path: '/elements/{element}',
  auth: 'platform',
  reply: ElementReply,
  handle: async ({ ctx, params }) => ctx.catalogue.json(ctx.catalogue.find(params.element ?? '')),
})

const oauthUrl = async (
  ctx: ApiContext,
  element: string | undefined,
  input: z.output<typeof OauthUrlInput>,
): Promise<z.input<typeof OauthUrlReply>> =>
  ctx.catalogue.oauthUrl(element ?? '', {
    apiKey: input.apiKey,
    apiSecret: input.apiSecret,
    callbackUrl: input.callbackUrl,
    scope: input.scope,
    siteAddress: input.siteAddress ?? input['site.address'],
    state: input.state,
  })

export const readOauthUrl = defineRoute({
  method: 'GET',
  path: '/elements/{element}/oauth/url',
  auth: 'platform',
  query: OauthUrlInput,
  reply: OauthUrlReply,
  handle: ({ ctx, params, query }) => oauthUrl(ctx, params.element, query),
})

export const askOauthUrl = defineRoute({
  method: 'POST',
  path: '/elements/{element}/oauth/url',
  auth: 'platform',
  body: OauthUrlInput,
  reply: OauthUrlReply,
  handle: ({ ctx, params, body }) => oauthUrl(ctx, params.element, body),
})
