import { z } from 'zod'
import { ElementJson, ElementReply } from '#src/contract/index.ts'
import { defineRoute, type Route } from '../route.ts'

const addElement = defineRoute({
  method: 'POST',
  path: '/elements',
  auth: 'platform',
  namesInBrackets: true,
  body: ElementJson,
  reply: ElementReply,
  handle: async ({ ctx, caller, body }) => ctx.catalogue.json(await ctx.elements.add(caller, body)),
})

const removeElement = defineRoute({
  method: 'DELETE',
  path: '/elements/{element}',
  auth: 'platform',
  reply: z.undefined(),
  handle: async ({ ctx, caller, params }) => {
    await ctx.elements.remove(caller, params.element ?? '')
    return undefined
  },
})

const activation = (method: 'PUT' | 'DELETE'): Route =>
  defineRoute({
    method,
    path: '/elements/{element}/active',
    auth: 'platform',
    reply: ElementReply,
    handle: async ({ ctx, caller, params }) =>
      ctx.catalogue.json(await ctx.elements.setActive(caller, params.element ?? '', method === 'PUT')),
  })

/** Elements that are posted (spec/behaviour.md 4). */
export const elementBuilderRoutes: readonly Route[] = [
  addElement,
  removeElement,
  activation('PUT'),
  activation('DELETE'),
]
