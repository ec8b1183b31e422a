import type { z } from 'zod'
import { LoginBody, SessionReply } from '#src/contract/index.ts'
import { sessionCookie } from '../http/index.ts'
import { type ApiContext, defineRoute, withHeaders } from '../route.ts'

const notKept = { 'cache-control': 'no-store' } as const

const shown = async (ctx: ApiContext, session: string | undefined): Promise<z.input<typeof SessionReply>> => {
  const user = session === undefined ? undefined : await ctx.accounts.userOfSession(session)
  if (user === undefined) return { user: null, publicUrl: ctx.publicUrl }
  const { id, name } = await ctx.accounts.organization(user.organizationId)
  return {
    user: {
      id: user.userId,
      accountId: user.accountId,
      email: user.email,
      firstName: user.firstName,
      lastName: user.lastName,
      organization: { id, name },
      secretsSeenDate: user.secretsSeenAt?.toISOString() ?? null,
      firstCallDate: user.firstCallAt?.toISOString() ?? null,
    },
    publicUrl: ctx.publicUrl,
  }
}

const isSecure = (ctx: ApiContext): boolean => ctx.publicUrl.startsWith('https:')

const signIn = defineRoute({
  method: 'POST',
  path: '/session',
  auth: 'page',
  body: LoginBody,
  reply: SessionReply,
  handle: async ({ ctx, body, session }) => {
    const { token } = await ctx.accounts.logIn(body.username, body.password)
    // The browser forgets the cookie of the session before; so does the server.
    if (session !== undefined) await ctx.accounts.endSession(session)
    return withHeaders(await shown(ctx, token), {
      ...notKept,
      'set-cookie': sessionCookie(token, isSecure(ctx)),
    })
  },
})

const readSession = defineRoute({
  method: 'GET',
  path: '/session',
  auth: 'page',
  reply: SessionReply,
  handle: async ({ ctx, session }) => withHeaders(await shown(ctx, session), notKept),
})

const signOut = defineRoute({
  method: 'DELETE',
  path: '/session',
  auth: 'page',
  reply: SessionReply,
  handle: async ({ ctx, session }) => {
    if (session !== undefined) await ctx.accounts.endSession(session)
    return withHeaders(await shown(ctx, undefined), {
      ...notKept,
      'set-cookie': sessionCookie(undefined, isSecure(ctx)),
    })
  },
})

/** Signing in and out on the page of this server. Programs use POST /authentication. */
export const sessionRoutes = [signIn, readSession, signOut]
