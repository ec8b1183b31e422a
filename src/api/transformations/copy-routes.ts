import { z } from 'zod'
import { CloneBody, ExportReply, ImportBody, VdrReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Transformations } from '#src/services/index.ts'
import { commaList, flag, many, one } from '../parameters.ts'
import { defineRoute, type Route } from '../route.ts'
import { vdrTransformationInput } from './mapped-views.ts'
import { vdrIdIn } from './vdr-routes.ts'
import { vdrInput, vdrView, withIgnored } from './vdr-views.ts'
import { transformationView } from './views.ts'

const CloneQuery = z.looseObject({
  level: one,
  cloneAllTransformations: flag,
  elementKeys: many,
  'elementKeys[]': many,
})

/** @throws AppError `bad-request`. */
const cloneLevel = (text = 'account'): 'organization' | 'account' => {
  const level = text.trim().toLowerCase()
  if (level === 'organization' || level === 'account') return level
  throw new AppError('bad-request', `level: organization or account, not '${level.slice(0, 20)}'.`)
}

type Exported = Awaited<ReturnType<Transformations['exportVdr']>>

const exportView = ({ vdr, transformations }: Exported): z.input<typeof ExportReply> => ({
  ...{ vdrName: vdr.objectName, vdrVersion: 'v2' },
  definition: {
    ...{ objectName: vdr.objectName, description: vdr.description },
    fields: vdr.fields.map(({ id: _, associatedId: __, ...field }) => field),
  },
  transformation: Object.fromEntries(
    transformations.map((one) => {
      const { level: _, startDate: __, ...view } = transformationView(one)
      return [view.elementKey, view]
    }),
  ),
})

/** Common resources that are copied: to another level or name, to a file, and out of one (spec/behaviour.md 6.4). */
export const copyRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'POST', path: '/vdrs/{vdr}/clone', auth: 'platform', query: CloneQuery, body: CloneBody },
    reply: VdrReply,
    handle: async ({ ctx, caller, params, query, body }) => {
      const vdr = await ctx.transformations.cloneVdr(caller, vdrIdIn(params), {
        level: cloneLevel(query.level),
        objectName: body?.objectName ?? undefined,
        elements: query.cloneAllTransformations
          ? 'all'
          : commaList([...query.elementKeys, ...query['elementKeys[]']]),
      })
      return vdrView(vdr)
    },
  }),
  defineRoute({
    ...{ method: 'GET', path: '/vdrs/{name}/export', auth: 'platform', reply: ExportReply },
    handle: async ({ ctx, caller, params }) =>
      exportView(await ctx.transformations.exportVdr(caller, params['name'] ?? '')),
  }),
  defineRoute({
    ...{ method: 'PUT', path: '/vdrs/import', auth: 'platform', body: ImportBody, reply: VdrReply },
    handle: async ({ ctx, caller, body }) => {
      const { vdrName, definition, transformation } = body
      const named = { objectName: vdrName, fields: [] }
      const mapped = Object.entries(transformation ?? {}).map(([element, one]) =>
        vdrTransformationInput(named, one, element),
      )
      const { importVdr } = ctx.transformations
      const { vdr, ignored } = await importVdr(caller, vdrName, vdrInput(definition), mapped)
      return withIgnored(vdrView(vdr), ignored)
    },
  }),
]
