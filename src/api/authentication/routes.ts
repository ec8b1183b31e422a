import { LoginBody, LoginReply, SecretsReply } from '#src/contract/index.ts'
import { defineRoute } from '../route.ts'

export const logIn = defineRoute({
  method: 'POST',
  path: '/authentication',
  auth: 'none',
  body: LoginBody,
  reply: LoginReply,
  handle: ({ ctx, body }) => ctx.accounts.logIn(body.username, body.password),
})

export const readSecrets = defineRoute({
  method: 'GET',
  path: '/authentication/secrets',
  auth: 'bearer',
  reply: SecretsReply,
  handle: ({ ctx, bearer }) => ctx.accounts.secrets(bearer),
})
