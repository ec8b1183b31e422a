import type { z } from 'zod'
import {
  DefaultOauthUrlQuery,
  DefaultOauthUrlReply,
  OauthUrlInput,
  OauthUrlReply,
  RequestTokenInput,
  RequestTokenReply,
} from '#src/contract/index.ts'
import { recordIn } from '#src/services/index.ts'
import { type ApiContext, type AuthInput, defineRoute } from '../route.ts'

const oauthUrl = async (
  { ctx, caller }: Pick<AuthInput['platform'], 'caller'> & { readonly ctx: ApiContext },
  element: string | undefined,
  input: z.output<typeof OauthUrlInput>,
): Promise<z.input<typeof OauthUrlReply>> =>
  ctx.catalogue.oauthUrl(element ?? '', {
    authType: input['authentication.type'],
    codeChallenge: ctx.instances.codeChallenge(caller, {
      elementKey: ctx.catalogue.find(element ?? '').key,
      apiKey: input.apiKey,
      callbackUrl: input.callbackUrl,
    }),
    apiKey: input.apiKey,
    apiSecret: input.apiSecret,
    callbackUrl: input.callbackUrl,
    scope: input.scope,
    siteAddress: input.siteAddress ?? input['site.address'],
    state: input.state,
    requestToken: input.requestToken,
    properties: input,
  })

export const readOauthUrl = defineRoute({
  method: 'GET',
  path: '/elements/{element}/oauth/url',
  auth: 'platform',
  query: OauthUrlInput,
  reply: OauthUrlReply,
  handle: ({ ctx, caller, params, query }) => oauthUrl({ ctx, caller }, params.element, query),
})

export const askOauthUrl = defineRoute({
  method: 'POST',
  path: '/elements/{element}/oauth/url',
  auth: 'platform',
  body: OauthUrlInput,
  reply: OauthUrlReply,
  handle: ({ ctx, caller, params, body }) => oauthUrl({ ctx, caller }, params.element, body),
})

export const readOauthToken = defineRoute({
  method: 'GET',
  path: '/elements/{element}/oauth/token',
  auth: 'platform',
  query: RequestTokenInput,
  reply: RequestTokenReply,
  handle: ({ ctx, params, query, trace }) =>
    ctx.instances.requestToken(
      {
        elementKeyOrId: params.element ?? '',
        apiKey: query.apiKey,
        apiSecret: query.apiSecret,
        callbackUrl: query.callbackUrl,
        siteAddress: query.siteAddress ?? query['site.address'],
        authType: query['authentication.type'],
        properties: query,
      },
      recordIn(trace),
    ),
})

/** The first of these names that was sent with a value. */
const sent = (
  properties: Readonly<Record<string, string>>,
  ...names: readonly string[]
): string | undefined => names.map((name) => properties[name]?.trim()).find((value) => value)

export const readDefaultOauthUrl = defineRoute({
  method: 'GET',
  path: '/elements/{element}/oauth/url/default',
  auth: 'platform',
  query: DefaultOauthUrlQuery,
  reply: DefaultOauthUrlReply,
  handle: async ({ ctx, caller, params, query }) =>
    ctx.catalogue.defaultOauthUrl(params.element ?? '', {
      callbackUrl: sent(query, 'callbackUrl', 'oauth.callback.url'),
      scope: sent(query, 'scope', 'oauth.scope'),
      siteAddress: sent(query, 'siteAddress', 'site.address'),
      state: sent(query, 'state'),
      codeChallenge: (apiKey, callbackUrl) =>
        ctx.instances.codeChallenge(caller, {
          elementKey: ctx.catalogue.find(params.element ?? '').key,
          apiKey,
          callbackUrl,
        }),
      properties: query,
    }),
})
