import { z } from 'zod'
import { InstanceBody, InstanceReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { defineRoute } from '../route.ts'

/** An instance's number in a path. @throws AppError `not-found`, since no instance has such an id. */
const instanceId = (text: string | undefined): number => {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  throw new AppError('not-found', `No instance found with id ${(text ?? '').slice(0, 64)}`)
}

const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value))

export const createInstanceRoute = defineRoute({
  method: 'POST',
  path: '/instances',
  auth: 'platform',
  body: InstanceBody,
  reply: InstanceReply,
  handle: ({ ctx, caller, body, trace }) =>
    ctx.instances.create(
      caller,
      {
        elementKeyOrId: body.element.key ?? body.element.id ?? '',
        name: body.name,
        tags: body.tags,
        configuration: body.configuration as Json | undefined,
        providerData: body.providerData as JsonObject | undefined,
        externalAuthentication: body.externalAuthentication,
      },
      (call) => {
        trace.vendorCalls.push(call)
      },
    ),
})

export const listInstances = defineRoute({
  method: 'GET',
  path: '/instances',
  auth: 'platform',
  query: z.looseObject({ 'tags[]': many, tags: many, searchText: z.string().optional() }),
  reply: z.array(InstanceReply),
  handle: async ({ ctx, caller, query }) => [
    ...(await ctx.instances.list(caller, {
      tags: [...query['tags[]'], ...query.tags],
      searchText: query.searchText,
      element: undefined,
    })),
  ],
})

export const readInstance = defineRoute({
  method: 'GET',
  path: '/instances/{id}',
  auth: 'platform',
  reply: InstanceReply,
  handle: ({ ctx, caller, params }) => ctx.instances.get(caller, instanceId(params.id)),
})

export const deleteInstance = defineRoute({
  method: 'DELETE',
  path: '/instances/{id}',
  auth: 'platform',
  reply: z.undefined(),
  handle: async ({ ctx, caller, params }) => {
    await ctx.instances.remove(caller, instanceId(params.id))
    return undefined
  },
})
