import { DocsQuery, SwaggerReply } from '#src/contract/index.ts'
import { swaggerOf } from '#src/services/index.ts'
import { instanceRoutes } from '../instances/on-instance.ts'
import type { Route } from '../route.ts'
import { docsOptions, type SwaggerBody } from './options.ts'

const docsOf = (path: string): readonly Route[] =>
  instanceRoutes({
    method: 'GET',
    path,
    ways: ['id', 'token'],
    query: DocsQuery,
    reply: SwaggerReply,
    handle: async ({ ctx, target, params, query }) => {
      const { element } = await ctx.instances.get(target.caller, target.instanceId, target.element)
      const document = swaggerOf(ctx.catalogue.find(element.key), docsOptions(ctx, query, params))
      return document as SwaggerBody
    },
  })

const definitionsOf = instanceRoutes({
  method: 'GET',
  path: '/docs/{operation}/definitions',
  ways: ['id', 'token'],
  query: DocsQuery,
  reply: SwaggerReply.shape.definitions,
  handle: async ({ ctx, target, params, query }) => {
    const { element } = await ctx.instances.get(target.caller, target.instanceId, target.element)
    const document = swaggerOf(
      ctx.catalogue.find(element.key),
      docsOptions(ctx, query, params),
    ) as SwaggerBody
    return document.definitions
  },
})

/** What an instance can be asked (spec/behaviour.md 9): its element's document. */
export const instanceDocsRoutes: readonly Route[] = [
  ...docsOf('/docs'),
  ...docsOf('/docs/{operation}'),
  ...definitionsOf,
]
