import { DocsQuery, SwaggerReply } from '#src/contract/index.ts'
import { documentedElement, shownInDocs, swaggerOf } from '#src/services/index.ts'
import { instanceRoutes, type Target } from '../instances/on-instance.ts'
import type { ApiContext, Route } from '../route.ts'
import { docsOptions, type SwaggerBody } from './options.ts'

/** The instance's element, with the common resources that are to be documented. */
const elementOf = async (
  ctx: ApiContext,
  { caller, instanceId, element: named }: Target,
): Promise<ReturnType<typeof documentedElement>> => {
  const { element } = await ctx.instances.get(caller, instanceId, named)
  const shown = shownInDocs(await ctx.transformations.ofInstance(caller, instanceId))
  return documentedElement(await ctx.catalogue.find(caller, element.key), shown)
}

const docsOf = (path: string): readonly Route[] =>
  instanceRoutes({
    method: 'GET',
    path,
    ways: ['id', 'token'],
    query: DocsQuery,
    reply: SwaggerReply,
    handle: async ({ ctx, target, params, query }) => {
      return swaggerOf(await elementOf(ctx, target), docsOptions(ctx, query, params)) as SwaggerBody
    },
  })

const definitionsOf = instanceRoutes({
  method: 'GET',
  path: '/docs/{operation}/definitions',
  ways: ['id', 'token'],
  query: DocsQuery,
  reply: SwaggerReply.shape.definitions,
  handle: async ({ ctx, target, params, query }) => {
    const document = swaggerOf(await elementOf(ctx, target), docsOptions(ctx, query, params)) as SwaggerBody
    return document.definitions
  },
})

/** What an instance can be asked (spec/behaviour.md 9): its element's document. */
export const instanceDocsRoutes: readonly Route[] = [
  ...docsOf('/docs'),
  ...docsOf('/docs/{operation}'),
  ...definitionsOf,
]
