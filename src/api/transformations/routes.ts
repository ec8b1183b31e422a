import { z } from 'zod'
import {
  DefinitionBody,
  DefinitionReply,
  DefinitionsBody,
  DefinitionsReply,
  ReadyMadeBody,
  RenameBody,
  TransformationBody,
  TransformationReply,
  TransformationsReply,
  TransformationUseReply,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '#src/services/index.ts'
import { flag } from '../parameters.ts'
import { type ApiContext, defineRoute, type Route } from '../route.ts'
import { everyWay, levelRoutes, type WayName } from './at-level.ts'
import { commonResourceRoutes } from './common-resource-routes.ts'
import { copyRoutes } from './copy-routes.ts'
import { mappedRoutes } from './mapped-routes.ts'
import { snippetRoutes } from './snippet-routes.ts'
import { tryOutTransformation } from './try-out-route.ts'
import { upgradeRoutes } from './upgrade-routes.ts'
import { vdrRoutes } from './vdr-routes.ts'
import {
  byName,
  type DefinitionRow,
  definitionInput,
  definitionView,
  readyMadeDefinitions,
  readyMadeTransformations,
  transformationInput,
  transformationView,
} from './views.ts'

const ReadyMadeQuery = z.looseObject({ systemOnly: flag })
const RemoveQuery = z.looseObject({ propagate: flag })

/** @throws AppError `not-found` naming what there is. */
const one = <Shown>(all: Readonly<Record<string, Shown>>, name: string): Shown => {
  const found = Object.hasOwn(all, name) ? all[name] : undefined
  if (found !== undefined) return found
  const names = Object.keys(all).join(', ')
  throw new AppError(
    'not-found',
    `Nothing ready-made found with name ${name.slice(0, 100)}. There is ${names}.`,
  )
}

const definitionsPath = '/objects/definitions'
const definitionPath = '/objects/{object}/definitions'

/** Definitions as the organization's generation tells them. */
const shown = async (ctx: ApiContext, { organizationId }: Caller, rows: readonly DefinitionRow[]) => {
  const numbered = (await ctx.accounts.vdrVersion(organizationId)) === 'v2'
  return rows.map((row) => definitionView(row, numbered))
}

const shownOne = async (ctx: ApiContext, caller: Caller, row: DefinitionRow) => {
  const [view] = await shown(ctx, caller, [row])
  if (view === undefined) throw new Error('a definition gave no view')
  return view
}

const definitionRoutes: readonly Route[] = [
  ...levelRoutes({
    method: 'GET',
    path: definitionsPath,
    ways: everyWay,
    query: ReadyMadeQuery,
    reply: DefinitionsReply,
    handle: async ({ ctx, caller, asked, query }) => {
      if (query.systemOnly) return readyMadeDefinitions(ctx.transformations.readyMadeDefinitions())
      return byName(await shown(ctx, caller, await ctx.transformations.definitions(caller, asked)))
    },
  }),
  ...levelRoutes({
    method: 'POST',
    path: definitionsPath,
    ways: everyWay,
    body: DefinitionsBody,
    reply: DefinitionsReply,
    handle: async ({ ctx, caller, asked, body }) => {
      const inputs = Object.entries(body).map(([name, one]) => [name, definitionInput(one)] as const)
      const made = await ctx.transformations.addDefinitions(caller, asked, Object.fromEntries(inputs))
      return byName(await shown(ctx, caller, made))
    },
  }),
  ...levelRoutes({
    method: 'DELETE',
    path: definitionsPath,
    ways: everyWay,
    reply: z.undefined(),
    handle: async ({ ctx, caller, asked }) => {
      await ctx.transformations.removeDefinitions(caller, asked)
      return undefined
    },
  }),
  ...levelRoutes({
    method: 'GET',
    path: definitionPath,
    ways: everyWay,
    query: ReadyMadeQuery,
    reply: DefinitionReply,
    handle: async ({ ctx, caller, asked, name, query }) => {
      if (query.systemOnly) return one(readyMadeDefinitions(ctx.transformations.readyMadeDefinitions()), name)
      return shownOne(ctx, caller, await ctx.transformations.definition(caller, asked, name))
    },
  }),
  ...levelRoutes({
    method: 'POST',
    path: definitionPath,
    ways: everyWay,
    body: DefinitionBody,
    reply: DefinitionReply.optional(),
    handle: async ({ ctx, caller, asked, name, body }) => {
      const made = await ctx.transformations.addDefinitions(caller, asked, { [name]: definitionInput(body) })
      return (await shown(ctx, caller, made)).at(0)
    },
  }),
  ...levelRoutes({
    method: 'PUT',
    path: definitionPath,
    ways: everyWay,
    body: DefinitionBody,
    reply: DefinitionReply,
    handle: async ({ ctx, caller, asked, name, body }) =>
      shownOne(
        ctx,
        caller,
        await ctx.transformations.changeDefinition(caller, asked, name, definitionInput(body)),
      ),
  }),
  ...levelRoutes({
    method: 'DELETE',
    path: definitionPath,
    ways: everyWay,
    reply: z.undefined(),
    handle: async ({ ctx, caller, asked, name }) => {
      await ctx.transformations.removeDefinitions(caller, asked, name)
      return undefined
    },
  }),
  ...levelRoutes({
    method: 'PATCH',
    path: '/objects/{object}',
    ways: everyWay,
    body: RenameBody,
    reply: DefinitionReply,
    handle: async ({ ctx, caller, asked, name, body }) =>
      shownOne(ctx, caller, await ctx.transformations.rename(caller, asked, name, body.objectName)),
  }),
  defineRoute({
    method: 'GET',
    path: '/organizations/objects/{object}/transformations',
    auth: 'platform',
    reply: z.array(TransformationUseReply),
    handle: async ({ ctx, caller, params }) => {
      const uses = await ctx.transformations.usesOf(caller, params['object'] ?? '')
      return uses.map(({ level, elementKey, ownerId, objectName }) => ({
        level,
        element: { key: elementKey },
        ...(level === 'organization' ? {} : { [level]: { id: ownerId } }),
        name: objectName,
      }))
    },
  }),
]

/** Below the element that a path names, or of an instance, whose element is known. */
const places: readonly { readonly ways: readonly WayName[]; readonly path: string }[] = [
  { ways: ['organization', 'defaultAccount', 'account'], path: '/elements/{element}/transformations' },
  { ways: ['token', 'instance'], path: '/transformations' },
]

const mappingRoutes: readonly Route[] = places.flatMap(({ ways, path }) => [
  ...levelRoutes({
    method: 'GET',
    path,
    ways,
    query: ReadyMadeQuery,
    reply: TransformationsReply,
    handle: async ({ ctx, caller, asked, params, query }) => {
      const { transformations } = ctx
      if (query.systemOnly)
        return readyMadeTransformations(
          await transformations.readyMadeTransformations(caller, asked, params['element']),
        )
      const found = await transformations.transformations(caller, asked, params['element'])
      return byName(found.map(transformationView))
    },
  }),
  ...levelRoutes({
    method: 'POST',
    path,
    ways,
    query: ReadyMadeQuery,
    body: ReadyMadeBody,
    reply: TransformationsReply,
    handle: async ({ ctx, caller, asked, params, query, body }) => {
      if (!query.systemOnly)
        throw new AppError(
          'bad-request',
          'systemOnly: missing. Send systemOnly=true to take over what is ready-made, or POST one transformation to .../transformations/{name}.',
        )
      const made = await ctx.transformations.addReadyMade(
        caller,
        asked,
        Array.isArray(body) ? body : undefined,
        params['element'],
      )
      return byName(made.map(transformationView))
    },
  }),
  ...levelRoutes({
    method: 'DELETE',
    path,
    ways,
    query: RemoveQuery,
    reply: z.undefined(),
    handle: async ({ ctx, caller, asked, params, query }) => {
      const { element } = params
      await ctx.transformations.removeTransformations(caller, asked, undefined, element, query.propagate)
      return undefined
    },
  }),
  ...levelRoutes({
    method: 'GET',
    path: `${path}/{object}`,
    ways,
    query: ReadyMadeQuery,
    reply: TransformationReply,
    handle: async ({ ctx, caller, asked, name, params, query }) => {
      const { transformations } = ctx
      if (!query.systemOnly)
        return transformationView(
          await transformations.transformation(caller, asked, name, params['element']),
        )
      const found = await transformations.readyMadeTransformations(caller, asked, params['element'])
      return one(readyMadeTransformations(found), name)
    },
  }),
  ...(['POST', 'PUT'] as const).flatMap((method) =>
    levelRoutes({
      method,
      path: `${path}/{object}`,
      ways,
      body: TransformationBody,
      reply: TransformationReply,
      handle: async ({ ctx, caller, asked, name, params, body }) => {
        const { addTransformation, changeTransformation } = ctx.transformations
        const store = method === 'POST' ? addTransformation : changeTransformation
        return transformationView(
          await store(caller, asked, name, transformationInput(body), params['element']),
        )
      },
    }),
  ),
  ...levelRoutes({
    method: 'DELETE',
    path: `${path}/{object}`,
    ways,
    query: RemoveQuery,
    reply: z.undefined(),
    handle: async ({ ctx, caller, asked, name, params, query }) => {
      const { element } = params
      await ctx.transformations.removeTransformations(caller, asked, name, element, query.propagate)
      return undefined
    },
  }),
])

/** How the catalogue maps an element (spec/behaviour.md 4, `/transformations`). */
const catalogueTransformations = defineRoute({
  method: 'GET',
  path: '/elements/{element}/transformations',
  auth: 'platform',
  reply: TransformationsReply,
  handle: async ({ ctx, caller, params }) =>
    readyMadeTransformations(
      await ctx.transformations.catalogueTransformations(caller, params['element'] ?? ''),
    ),
})

/** Definitions of common resources and transformations, in every generation (spec/behaviour.md 6). */
export const transformationRoutes: readonly Route[] = [
  catalogueTransformations,
  ...definitionRoutes,
  ...mappingRoutes,
  tryOutTransformation,
  ...commonResourceRoutes,
  ...vdrRoutes,
  ...mappedRoutes,
  ...copyRoutes,
  ...snippetRoutes,
  ...upgradeRoutes,
]
