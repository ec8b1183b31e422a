import { z } from 'zod'
import {
  AccountOnlyQuery,
  ElementFieldJson,
  ElementHookJson,
  ElementModelJson,
  ElementObjectJson,
  ElementOperationJson,
  ElementParameterJson,
  ElementPartReply,
  ElementResourceReply,
  ResourceModelJson,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Caller, PartPlace } from '#src/services/index.ts'
import { idIn } from '../parameters.ts'
import { type ApiContext, defineRoute, type Route } from '../route.ts'

type Params = Readonly<Record<string, string>>

/** One list of parts: where it is, and what it takes. */
interface Parts {
  readonly path: string
  readonly body: z.ZodType
  readonly place: (params: Params) => PartPlace
}

const ofElement = (list: PartPlace['list'], body: z.ZodType): Parts => ({
  path: `/elements/{element}/${list}`,
  body,
  place: () => ({ list }),
})

const ofHolder = (holder: 'resources' | 'objects', list: PartPlace['list'], body: z.ZodType): Parts => ({
  path: `/elements/{element}/${holder}/{holder}/${list}`,
  body,
  place: (params) => ({
    list,
    of: { list: holder, id: idIn(holder === 'resources' ? 'resource' : 'object', params['holder']) },
  }),
})

const partReply = (part: object) => part as z.input<typeof ElementPartReply>

/** Lists, adds, reads, replaces and removes parts (spec/behaviour.md 4). */
const partRoutes = ({ path, body, place }: Parts): readonly Route[] => {
  const one = `${path}/{part}`
  const read = async (ctx: ApiContext, caller: Caller, params: Params, id: number) =>
    partReply(await ctx.elements.part(caller, params['element'] ?? '', place(params), id))
  const idOf = (params: Params): number => idIn('part', params['part'])
  return [
    defineRoute({
      method: 'GET',
      path,
      auth: 'platform',
      reply: z.array(ElementPartReply),
      handle: async ({ ctx, caller, params }) =>
        (await ctx.elements.parts(caller, params['element'] ?? '', place(params))).map(partReply),
    }),
    defineRoute({
      method: 'POST',
      path,
      auth: 'platform',
      body,
      reply: ElementPartReply,
      handle: async ({ ctx, caller, params, body: sent }) => {
        const at = place(params)
        const id = await ctx.elements.addPart(caller, params['element'] ?? '', at, sent as object)
        return read(ctx, caller, params, id)
      },
    }),
    defineRoute({
      method: 'GET',
      path: one,
      auth: 'platform',
      reply: ElementPartReply,
      handle: ({ ctx, caller, params }) => read(ctx, caller, params, idOf(params)),
    }),
    defineRoute({
      method: 'PUT',
      path: one,
      auth: 'platform',
      body,
      reply: ElementPartReply,
      handle: async ({ ctx, caller, params, body: sent }) => {
        const id = idOf(params)
        await ctx.elements.putPart(caller, params['element'] ?? '', place(params), id, sent as object)
        return read(ctx, caller, params, id)
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: one,
      auth: 'platform',
      reply: z.undefined(),
      handle: async ({ ctx, caller, params }) => {
        await ctx.elements.removePart(caller, params['element'] ?? '', place(params), idOf(params))
        return undefined
      },
    }),
  ]
}

const resourcePath = '/elements/{element}/resources'

const resourceRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: resourcePath,
    auth: 'platform',
    query: AccountOnlyQuery,
    reply: z.array(ElementResourceReply),
    handle: async ({ ctx, caller, params, query }) => {
      const element = await ctx.catalogue.find(caller, params['element'] ?? '')
      return [...(query.accountOnly ? ctx.catalogue.ownResources(element) : ctx.catalogue.resources(element))]
    },
  }),
  defineRoute({
    method: 'POST',
    path: resourcePath,
    auth: 'platform',
    body: ElementOperationJson,
    reply: ElementResourceReply,
    handle: async ({ ctx, caller, params, body }) => {
      const element = params['element'] ?? ''
      const id = await ctx.elements.addResource(caller, element, body)
      return ctx.catalogue.resource(await ctx.catalogue.find(caller, element), String(id))
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${resourcePath}/{resource}`,
    auth: 'platform',
    reply: ElementResourceReply,
    handle: async ({ ctx, caller, params }) =>
      ctx.catalogue.resource(
        await ctx.catalogue.find(caller, params['element'] ?? ''),
        params['resource'] ?? '',
      ),
  }),
  defineRoute({
    method: 'PUT',
    path: `${resourcePath}/{resource}`,
    auth: 'platform',
    body: ElementOperationJson,
    reply: ElementResourceReply,
    handle: async ({ ctx, caller, params, body }) => {
      const element = params['element'] ?? ''
      const id = idIn('resource', params['resource'])
      await ctx.elements.putResource(caller, element, id, body)
      return ctx.catalogue.resource(await ctx.catalogue.find(caller, element), String(id))
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${resourcePath}/{resource}`,
    auth: 'platform',
    reply: z.undefined(),
    handle: async ({ ctx, caller, params }) => {
      await ctx.elements.removeResource(caller, params['element'] ?? '', idIn('resource', params['resource']))
      return undefined
    },
  }),
]

const modelPath = `${resourcePath}/{resource}/models`

const readModel = async (ctx: ApiContext, caller: Caller, params: Params) => {
  const element = await ctx.catalogue.find(caller, params['element'] ?? '')
  const { model } = ctx.catalogue.resource(element, params['resource'] ?? '') as { readonly model?: object }
  if (model !== undefined) return partReply(model)
  throw new AppError('not-found', `Resource ${params['resource'] ?? ''} has no model. POST one.`)
}

const writeModel = (method: 'POST' | 'PUT'): Route =>
  defineRoute({
    method,
    path: modelPath,
    auth: 'platform',
    body: ResourceModelJson,
    reply: ElementPartReply,
    handle: async ({ ctx, caller, params, body }) => {
      const id = idIn('resource', params['resource'])
      await ctx.elements.putResourceModel(caller, params['element'] ?? '', id, body)
      return readModel(ctx, caller, params)
    },
  })

/** A resource has one model, on the path of its models. */
const resourceModelRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: modelPath,
    auth: 'platform',
    reply: ElementPartReply,
    handle: ({ ctx, caller, params }) => readModel(ctx, caller, params),
  }),
  writeModel('POST'),
  writeModel('PUT'),
  defineRoute({
    method: 'DELETE',
    path: modelPath,
    auth: 'platform',
    reply: z.undefined(),
    handle: async ({ ctx, caller, params }) => {
      await ctx.elements.removeResourceModel(
        caller,
        params['element'] ?? '',
        idIn('resource', params['resource']),
      )
      return undefined
    },
  }),
]

/** PUT on the collection changes the model of that number or name, or adds it. */
const upsertModel = defineRoute({
  method: 'PUT',
  path: '/elements/{element}/models',
  auth: 'platform',
  body: ElementModelJson,
  reply: ElementPartReply,
  handle: async ({ ctx, caller, params, body }) => {
    const element = params['element'] ?? ''
    const id = await ctx.elements.upsertModel(caller, element, body)
    return partReply(await ctx.elements.part(caller, element, { list: 'models' }, id))
  },
})

/** What elements are made of, part by part. */
export const elementPartRoutes: readonly Route[] = [
  ...resourceRoutes,
  ...resourceModelRoutes,
  upsertModel,
  ...[
    ofElement('parameters', ElementParameterJson),
    ofElement('hooks', ElementHookJson),
    ofElement('models', ElementModelJson),
    ofElement('objects', ElementObjectJson),
    ofHolder('resources', 'parameters', ElementParameterJson),
    ofHolder('resources', 'hooks', ElementHookJson),
    ofHolder('objects', 'fields', ElementFieldJson),
  ].flatMap(partRoutes),
]
