import { z } from 'zod'
import {
  AllLevelsBody,
  AllLevelsReply,
  VdrTransformationBody,
  VdrTransformationReply,
} from '#src/contract/index.ts'
import type { Caller } from '#src/services/index.ts'
import { idIn, one as single } from '../parameters.ts'
import { type ApiContext, defineRoute, type Route } from '../route.ts'
import {
  allLevelsInput,
  allLevelsView,
  vdrTransformationInput,
  vdrTransformationView,
} from './mapped-views.ts'
import { vdrIdIn } from './vdr-routes.ts'
import { withIgnored } from './vdr-views.ts'

const path = '/vdrs/{vdr}/transformations'
const one = `${path}/{transformation}`

const InstanceQuery = z.looseObject({ instanceId: single })

type Params = Readonly<Record<string, string>>

const vdrOf = (ctx: ApiContext, caller: Caller, params: Params) =>
  ctx.transformations.vdr(caller, { vdrId: vdrIdIn(params) })

const instanceOf = ({ instanceId }: z.output<typeof InstanceQuery>): number | undefined =>
  instanceId === undefined ? undefined : idIn('instance', instanceId)

/** Transformations at all levels at once (spec/behaviour.md 6.3, 6.4). */
export const mappedRoutes: readonly Route[] = [
  defineRoute({
    ...{
      method: 'PUT',
      path: '/transformations',
      auth: 'platform',
      body: AllLevelsBody,
      reply: AllLevelsReply,
    },
    handle: async ({ ctx, caller, body }) => {
      const input = allLevelsInput(body)
      const stored = await ctx.transformations.storeMapped(caller, input, false)
      return withIgnored(allLevelsView(stored, input.instanceId), stored.ignored)
    },
  }),
  defineRoute({
    ...{ method: 'GET', path, auth: 'platform', query: InstanceQuery },
    reply: z.array(VdrTransformationReply),
    handle: async ({ ctx, caller, params, query }) => {
      const vdr = await vdrOf(ctx, caller, params)
      const instanceId = instanceOf(query)
      const found = await ctx.transformations.mappedElements(caller, vdr, instanceId)
      return found.map((mapped) => vdrTransformationView(vdr, mapped, instanceId))
    },
  }),
  defineRoute({
    ...{ method: 'POST', path, auth: 'platform', body: VdrTransformationBody, reply: VdrTransformationReply },
    handle: async ({ ctx, caller, params, body }) => {
      const vdr = await vdrOf(ctx, caller, params)
      const input = vdrTransformationInput(vdr, body)
      const stored = await ctx.transformations.storeMapped(caller, input, true)
      return withIgnored(vdrTransformationView(vdr, stored, input.instanceId), stored.ignored)
    },
  }),
  defineRoute({
    ...{ method: 'GET', path: one, auth: 'platform', query: InstanceQuery, reply: VdrTransformationReply },
    handle: async ({ ctx, caller, params, query }) => {
      const vdr = await vdrOf(ctx, caller, params)
      const instanceId = instanceOf(query)
      const { objectName } = vdr
      const whose = { objectName, element: params['transformation'], instanceId }
      return vdrTransformationView(vdr, await ctx.transformations.mapped(caller, whose), instanceId)
    },
  }),
  defineRoute({
    ...{ method: 'PUT', path: one, auth: 'platform', query: InstanceQuery, body: VdrTransformationBody },
    reply: VdrTransformationReply,
    handle: async ({ ctx, caller, params, query, body }) => {
      const vdr = await vdrOf(ctx, caller, params)
      const instanceId = body.instanceId ?? instanceOf(query)
      const input = vdrTransformationInput(vdr, { ...body, instanceId }, params['transformation'])
      await ctx.transformations.mapped(caller, input)
      const stored = await ctx.transformations.storeMapped(caller, input, false)
      return withIgnored(vdrTransformationView(vdr, stored, instanceId), stored.ignored)
    },
  }),
  defineRoute({
    ...{ method: 'DELETE', path: one, auth: 'platform', query: InstanceQuery, reply: z.undefined() },
    handle: async ({ ctx, caller, params, query }) => {
      const { objectName } = await vdrOf(ctx, caller, params)
      const whose = { objectName, element: params['transformation'], instanceId: instanceOf(query) }
      await ctx.transformations.removeMapped(caller, whose)
      return undefined
    },
  }),
]
