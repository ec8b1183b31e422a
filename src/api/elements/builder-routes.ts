import { z } from 'zod'
import {
  AuthenticationTypeReply,
  ElementAccountsReply,
  ElementConfigJson,
  ElementConfigPutJson,
  ElementConfigReply,
  ElementJson,
  ElementReply,
  ElementVersionReply,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '#src/services/index.ts'
import { idIn } from '../parameters.ts'
import { type ApiContext, defineRoute, type Route } from '../route.ts'
import { elementPartRoutes } from './part-routes.ts'

type Params = Readonly<Record<string, string>>

const addElement = defineRoute({
  method: 'POST',
  path: '/elements',
  auth: 'platform',
  namesInBrackets: true,
  body: ElementJson,
  reply: ElementReply,
  handle: async ({ ctx, caller, body }) => ctx.catalogue.json(await ctx.elements.add(caller, body)),
})

const putElement = defineRoute({
  method: 'PUT',
  path: '/elements/{element}',
  auth: 'platform',
  namesInBrackets: true,
  body: ElementJson,
  reply: ElementReply,
  handle: async ({ ctx, caller, params, body }) =>
    ctx.catalogue.json(await ctx.elements.put(caller, params['element'] ?? '', body)),
})

const removeElement = defineRoute({
  method: 'DELETE',
  path: '/elements/{element}',
  auth: 'platform',
  reply: z.undefined(),
  handle: async ({ ctx, caller, params }) => {
    await ctx.elements.remove(caller, params['element'] ?? '')
    return undefined
  },
})

/** The body is ignored (spec/behaviour.md 4). */
const cloneElement = defineRoute({
  method: 'POST',
  path: '/elements/{element}/clone',
  auth: 'platform',
  reply: ElementReply,
  handle: async ({ ctx, caller, params }) =>
    ctx.catalogue.json(await ctx.elements.clone(caller, params['element'] ?? '')),
})

const activation = (method: 'PUT' | 'DELETE'): Route =>
  defineRoute({
    method,
    path: '/elements/{element}/active',
    auth: 'platform',
    reply: ElementReply,
    handle: async ({ ctx, caller, params }) =>
      ctx.catalogue.json(await ctx.elements.setActive(caller, params['element'] ?? '', method === 'PUT')),
  })

const configurationPath = '/elements/{element}/configuration'

const readConfig = async (ctx: ApiContext, caller: Caller, params: Params, key: string) => {
  const element = await ctx.catalogue.find(caller, params['element'] ?? '')
  const found = ctx.catalogue.configuration(element).find((config) => config.key === key)
  if (found !== undefined) return found
  throw new AppError('not-found', `No configuration found with id ${key.slice(0, 64)}`)
}

const configurationRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: configurationPath,
    auth: 'platform',
    body: ElementConfigJson,
    reply: ElementConfigReply,
    handle: async ({ ctx, caller, params, body }) => {
      await ctx.elements.addConfiguration(caller, params['element'] ?? '', body)
      return readConfig(ctx, caller, params, body.key)
    },
  }),
  defineRoute({
    method: 'PUT',
    path: `${configurationPath}/{key}`,
    auth: 'platform',
    body: ElementConfigPutJson,
    reply: ElementConfigReply,
    handle: async ({ ctx, caller, params, body }) => {
      const key = params['key'] ?? ''
      await ctx.elements.putConfiguration(caller, params['element'] ?? '', key, body)
      return readConfig(ctx, caller, params, key)
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${configurationPath}/{key}`,
    auth: 'platform',
    reply: z.undefined(),
    handle: async ({ ctx, caller, params }) => {
      await ctx.elements.removeConfiguration(caller, params['element'] ?? '', params['key'] ?? '')
      return undefined
    },
  }),
]

const accountsPath = '/elements/{element}/accounts'

const shareRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: accountsPath,
    auth: 'platform',
    reply: ElementAccountsReply,
    handle: ({ ctx, caller, params }) => ctx.elements.sharedWith(caller, params['element'] ?? ''),
  }),
  defineRoute({
    method: 'PUT',
    path: `${accountsPath}/{account}`,
    auth: 'platform',
    reply: ElementAccountsReply,
    handle: async ({ ctx, caller, params }) => {
      const element = params['element'] ?? ''
      await ctx.elements.share(caller, element, idIn('account', params['account']))
      return ctx.elements.sharedWith(caller, element)
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${accountsPath}/{account}`,
    auth: 'platform',
    reply: z.undefined(),
    handle: async ({ ctx, caller, params }) => {
      await ctx.elements.unshare(caller, params['element'] ?? '', idIn('account', params['account']))
      return undefined
    },
  }),
]

const listLogins = defineRoute({
  method: 'GET',
  path: '/elements/{element}/authentication-types',
  auth: 'platform',
  reply: z.array(AuthenticationTypeReply),
  handle: async ({ ctx, caller, params }) => [
    ...ctx.catalogue.logins(await ctx.catalogue.find(caller, params['element'] ?? '')),
  ],
})

const listLoginConfiguration = defineRoute({
  method: 'GET',
  path: '/elements/{element}/authentication-types/{type}/configurations',
  auth: 'platform',
  reply: z.array(ElementConfigReply),
  handle: async ({ ctx, caller, params }) => {
    const element = await ctx.catalogue.find(caller, params['element'] ?? '')
    return [...ctx.catalogue.loginConfiguration(element, params['type'] ?? '')]
  },
})

const listVersions = defineRoute({
  method: 'GET',
  path: '/elements/{element}/versions',
  auth: 'platform',
  reply: z.array(ElementVersionReply),
  handle: async ({ ctx, caller, params }) => {
    const { posted } = await ctx.catalogue.find(caller, params['element'] ?? '')
    if (posted === undefined) return [{ version: 1, active: true }]
    const { version, active, createdAt, updatedAt } = posted
    const dates = { createdDate: createdAt.toISOString(), updatedDate: updatedAt.toISOString() }
    return [{ version, active, ...dates }]
  },
})

/** Elements that are posted (spec/behaviour.md 4). */
export const elementBuilderRoutes: readonly Route[] = [
  addElement,
  putElement,
  removeElement,
  cloneElement,
  activation('PUT'),
  activation('DELETE'),
  ...configurationRoutes,
  ...shareRoutes,
  listLogins,
  listLoginConfiguration,
  listVersions,
  ...elementPartRoutes,
]
