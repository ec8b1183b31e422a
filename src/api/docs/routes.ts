import type { z } from 'zod'
import { DocsQuery, OpenApiReply, SwaggerReply } from '#src/contract/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { type Caller, type DocsOptions, openApiOf, swaggerOf, swaggerOfAll } from '#src/services/index.ts'
import { type ApiContext, defineRoute, type Route } from '../route.ts'
import { docsOptions } from './options.ts'

type Params = Readonly<Record<string, string>>
type Write = (ctx: ApiContext, caller: Caller, params: Params, options: DocsOptions) => Promise<JsonObject>

const docsRoute = (path: string, reply: typeof SwaggerReply | typeof OpenApiReply, write: Write): Route =>
  defineRoute({
    method: 'GET',
    path,
    auth: 'platform',
    query: DocsQuery,
    reply,
    handle: async ({ ctx, caller, params, query }) =>
      (await write(ctx, caller, params, docsOptions(ctx, query, params))) as z.input<typeof reply>,
  })

/** A document, and each of its operations as a document of its own. */
const withOperations = (path: string, operations: readonly string[], write: Write): readonly Route[] =>
  [path, ...operations].map((one) => docsRoute(one, SwaggerReply, write))

const ofElement: Write = async ({ catalogue }, caller, params, options) =>
  swaggerOf(await catalogue.find(caller, params.element ?? ''), options)

/** A hub, an element, or `all`. @throws AppError `not-found`. */
const ofName: Write = async ({ catalogue }, caller, params, options) => {
  const name = params.name ?? ''
  const seen = await catalogue.seenNow(caller)
  if (name === 'all') return swaggerOfAll('All elements', seen.all(), options)
  if (!seen.hubs.keys().includes(name.toLowerCase())) return swaggerOf(seen.find(name), options)
  return swaggerOfAll(seen.hubs.get(name, false).name, seen.hubs.elements(name), options)
}

export const docsRoutes: readonly Route[] = [
  ...withOperations('/elements/{element}/docs', ['/elements/{element}/docs/{operation}'], ofElement),
  // The document as a LoopBack client asks for it; `force` has nothing to force.
  ...withOperations('/elements/{element}/lbdocs', ['/elements/{element}/lbdocs/{operation}'], ofElement),
  ...withOperations('/docs/{name}', ['/docs/{name}/{operation}', '/docs/{name}/docs/{operation}'], ofName),
  docsRoute('/elements/{element}/openapi', OpenApiReply, async ({ catalogue }, caller, params, options) =>
    openApiOf(await catalogue.find(caller, params.element ?? ''), options),
  ),
]
