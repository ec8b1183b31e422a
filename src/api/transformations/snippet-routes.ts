import { z } from 'zod'
import { SnippetBody, SnippetReply } from '#src/contract/index.ts'
import type { Transformations } from '#src/services/index.ts'
import { idIn } from '../parameters.ts'
import { defineRoute, type Route } from '../route.ts'

const path = '/vdrs/snippets'
const one = `${path}/{snippet}`

type SnippetRow = Awaited<ReturnType<Transformations['snippet']>>

const view = ({ snippetId, ownerId: _, ...row }: SnippetRow): z.input<typeof SnippetReply> => ({
  ...{ id: snippetId, ...row },
  snippetType: 'transformation',
})

const input = ({ name, body, description, level }: z.output<typeof SnippetBody>) => ({
  ...{ name, body, description: description ?? '' },
  level: level ?? 'organization',
})

const snippetIdIn = (params: Readonly<Record<string, string>>) => idIn('snippet', params['snippet'])

/** Texts to start scripts of transformations from (spec/behaviour.md 6.4); nothing here runs them. */
export const snippetRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path, auth: 'platform', reply: z.array(SnippetReply) },
    handle: async ({ ctx, caller }) => (await ctx.transformations.snippets(caller)).map(view),
  }),
  defineRoute({
    ...{ method: 'POST', path, auth: 'platform', body: SnippetBody, reply: SnippetReply },
    handle: async ({ ctx, caller, body }) => view(await ctx.transformations.addSnippet(caller, input(body))),
  }),
  defineRoute({
    ...{ method: 'GET', path: one, auth: 'platform', reply: SnippetReply },
    handle: async ({ ctx, caller, params }) =>
      view(await ctx.transformations.snippet(caller, snippetIdIn(params))),
  }),
  defineRoute({
    ...{ method: 'PUT', path: one, auth: 'platform', body: SnippetBody, reply: SnippetReply },
    handle: async ({ ctx, caller, params, body }) =>
      view(await ctx.transformations.changeSnippet(caller, snippetIdIn(params), input(body))),
  }),
  defineRoute({
    ...{ method: 'DELETE', path: one, auth: 'platform', reply: z.undefined() },
    handle: async ({ ctx, caller, params }) => {
      await ctx.transformations.removeSnippet(caller, snippetIdIn(params))
      return undefined
    },
  }),
]
