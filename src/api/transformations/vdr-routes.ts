import { z } from 'zod'
import { VdrBody, VdrReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { flag, idIn, one as single } from '../parameters.ts'
import { defineRoute, type Route } from '../route.ts'
import { vdrInput, vdrView, withIgnored } from './vdr-views.ts'

const path = '/vdrs'
const one = `${path}/{vdr}`

const ListQuery = z.looseObject({ systemOnly: flag, where: single })
const WriteQuery = z.looseObject({ systemOnly: flag })
const RemoveQuery = z.looseObject({ systemOnly: flag, force: flag })

/** The number of a common resource in a path. @throws AppError `not-found`. */
export const vdrIdIn = (params: Readonly<Record<string, string>>): number =>
  idIn('common resource', params['vdr'])

/** @throws AppError `not-allowed`. */
const refuseSystem = (systemOnly: boolean): void => {
  if (systemOnly)
    throw new AppError(
      'not-allowed',
      'systemOnly: ready-made common resources are nobody’s to change. Leave it out, or clone one.',
    )
}

/** Common resources over all levels, by number (spec/behaviour.md 6.4). */
export const vdrRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path, auth: 'platform', query: ListQuery, reply: z.array(VdrReply) },
    handle: async ({ ctx, caller, query }) => {
      const { systemOnly, where = '' } = query
      return (await ctx.transformations.vdrs(caller, { systemOnly, where })).map(vdrView)
    },
  }),
  defineRoute({
    ...{ method: 'POST', path, auth: 'platform', query: WriteQuery, body: VdrBody, reply: VdrReply },
    handle: async ({ ctx, caller, query, body }) => {
      refuseSystem(query.systemOnly)
      const { vdr, ignored } = await ctx.transformations.addVdr(caller, body.objectName ?? '', vdrInput(body))
      return withIgnored(vdrView(vdr), ignored)
    },
  }),
  defineRoute({
    ...{ method: 'GET', path: one, auth: 'platform', reply: VdrReply },
    handle: async ({ ctx, caller, params }) =>
      vdrView(await ctx.transformations.vdr(caller, { vdrId: vdrIdIn(params) })),
  }),
  defineRoute({
    ...{ method: 'PUT', path: one, auth: 'platform', query: WriteQuery, body: VdrBody, reply: VdrReply },
    handle: async ({ ctx, caller, params, query, body }) => {
      refuseSystem(query.systemOnly)
      const { vdr, ignored } = await ctx.transformations.changeVdr(
        caller,
        vdrIdIn(params),
        body.objectName ?? undefined,
        vdrInput(body),
      )
      return withIgnored(vdrView(vdr), ignored)
    },
  }),
  defineRoute({
    ...{ method: 'DELETE', path: one, auth: 'platform', query: RemoveQuery, reply: z.undefined() },
    handle: async ({ ctx, caller, params, query }) => {
      refuseSystem(query.systemOnly)
      const kept = await ctx.transformations.removeVdr(caller, { vdrId: vdrIdIn(params) }, query.force)
      return withIgnored(undefined, kept)
    },
  }),
]
