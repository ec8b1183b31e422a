import type { z } from 'zod'
import type { DocsQuery, SwaggerReply } from '#src/contract/index.ts'
import type { DocsOptions } from '#src/services/index.ts'
import type { ApiContext } from '../route.ts'

export type SwaggerBody = z.input<typeof SwaggerReply>

/** What documents are asked for; an operation in the path wins over one in the query. */
export const docsOptions = (
  ctx: ApiContext,
  query: z.output<typeof DocsQuery>,
  params: Readonly<Record<string, string>>,
): DocsOptions => ({
  baseUrl: query.baseUrl ?? ctx.publicUrl,
  provider: query.provider,
  operationId: params.operation ?? query.operationId,
  resolveReferences: query.resolveReferences,
})
