import { z } from 'zod'
import { LoginBody, LoginReply, PasswordBody, SecretResetBody, SecretsReply } from '#src/contract/index.ts'
import { defineRoute, withHeaders } from '../route.ts'

const notKept = { 'cache-control': 'no-store' } as const

const logIn = defineRoute({
  method: 'POST',
  path: '/authentication',
  auth: 'none',
  body: LoginBody,
  reply: LoginReply,
  handle: ({ ctx, body }) => ctx.accounts.logIn(body.username, body.password),
})

const readSecrets = defineRoute({
  method: 'GET',
  path: '/authentication/secrets',
  auth: 'bearer',
  reply: SecretsReply,
  handle: async ({ ctx, bearer }) => withHeaders(await ctx.accounts.secrets(bearer), notKept),
})

/** The contract names only the page for it (contract section 10, profile); the path is this product's own. */
const resetSecret = defineRoute({
  method: 'POST',
  path: '/authentication/secrets/reset',
  auth: 'bearer',
  body: SecretResetBody,
  reply: SecretsReply,
  handle: async ({ ctx, bearer, body }) =>
    withHeaders(await ctx.accounts.resetSecret(bearer, body.secret), notKept),
})

/** spec/contract.md 2.3, user. */
const changePassword = defineRoute({
  method: 'POST',
  path: '/authentication/passwords',
  auth: 'bearer',
  body: PasswordBody,
  reply: z.undefined(),
  handle: async ({ ctx, bearer, body }) => {
    await ctx.accounts.changePassword(bearer, body.oldPassword, body.newPassword)
    return undefined
  },
})

export const authenticationRoutes = [logIn, readSecrets, resetSecret, changePassword]
