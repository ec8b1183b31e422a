import { z } from 'zod'
import {
  CommonResourceBody,
  CommonResourceNameBody,
  CommonResourceReply,
  UsagesReply,
} from '#src/contract/index.ts'
import { flag } from '../parameters.ts'
import { defineRoute, type Route } from '../route.ts'
import { commonResourceInput, commonResourceView, withIgnored } from './vdr-views.ts'

const path = '/common-resources'
const one = `${path}/{name}`

const RemoveQuery = z.looseObject({ force: flag })

const objectName = (params: Readonly<Record<string, string>>) => ({ objectName: params['name'] ?? '' })

/** Common resources over all levels, by name (spec/behaviour.md 6.3). */
export const commonResourceRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path, auth: 'platform', reply: z.array(CommonResourceReply) },
    handle: async ({ ctx, caller }) => {
      const found = await ctx.transformations.vdrs(caller, { systemOnly: false, where: '' })
      return found.map(commonResourceView)
    },
  }),
  defineRoute({
    ...{ method: 'PUT', path, auth: 'platform', body: CommonResourceBody, reply: CommonResourceReply },
    handle: async ({ ctx, caller, body }) => {
      const { vdr, ignored } = await ctx.transformations.putVdr(caller, body.name, commonResourceInput(body))
      return withIgnored(commonResourceView(vdr), ignored)
    },
  }),
  defineRoute({
    ...{ method: 'GET', path: one, auth: 'platform', reply: CommonResourceReply },
    handle: async ({ ctx, caller, params }) =>
      commonResourceView(await ctx.transformations.vdr(caller, objectName(params))),
  }),
  defineRoute({
    ...{ method: 'PATCH', path: one, auth: 'platform', body: CommonResourceNameBody },
    reply: CommonResourceReply,
    handle: async ({ ctx, caller, params, body }) =>
      commonResourceView(await ctx.transformations.renameVdr(caller, params['name'] ?? '', body.name)),
  }),
  defineRoute({
    ...{ method: 'DELETE', path: one, auth: 'platform', query: RemoveQuery, reply: z.undefined() },
    handle: async ({ ctx, caller, params, query }) => {
      await ctx.transformations.removeVdr(caller, objectName(params), query.force)
      return undefined
    },
  }),
  defineRoute({
    ...{ method: 'GET', path: `${one}/usages`, auth: 'platform', reply: UsagesReply },
    handle: async ({ ctx, caller, params }) => {
      await ctx.transformations.vdr(caller, objectName(params))
      return { formulaUsages: [] }
    },
  }),
]
