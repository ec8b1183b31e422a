import { z } from 'zod'
import { ConfigurationItemBody, ConfigurationItemReply } from '#src/contract/index.ts'
import type { Json } from '#src/lib/json.ts'
import { recordIn } from '#src/services/index.ts'
import { instanceRoutes } from './on-instance.ts'

const listItems = instanceRoutes({
  method: 'GET',
  path: '/configuration',
  ways: ['id', 'token'],
  reply: z.array(ConfigurationItemReply),
  handle: async ({ ctx, target }) => [
    ...(await ctx.instances.configuration(target.caller, target.instanceId)),
  ],
})

const readItem = instanceRoutes({
  method: 'GET',
  path: '/configuration/{configId}',
  ways: ['id', 'token'],
  reply: ConfigurationItemReply,
  handle: ({ ctx, target, params }) =>
    ctx.instances.configurationItem(target.caller, target.instanceId, params.configId ?? ''),
})

const changeItem = instanceRoutes({
  method: 'PATCH',
  path: '/configuration/{configId}',
  ways: ['id', 'token'],
  body: ConfigurationItemBody,
  reply: ConfigurationItemReply,
  handle: ({ ctx, target, params, body, trace }) =>
    ctx.instances.setConfigurationItem(
      target.caller,
      target.instanceId,
      params.configId ?? '',
      body.propertyValue as Json,
      recordIn(trace),
    ),
})

export const instanceConfigurationRoutes = [...listItems, ...readItem, ...changeItem]
