import { z } from 'zod'
import { EmailBody } from '#src/contract/index.ts'
import { defineRoute } from '../route.ts'

/** 200 says that it is stored; the worker sends it (spec/behaviour.md 8). */
const postEmail = defineRoute({
  method: 'POST',
  path: '/notifications/emails',
  auth: 'platform',
  body: EmailBody,
  reply: z.undefined(),
  handle: async ({ ctx, caller, body }) => {
    await ctx.notifications.postEmail(caller, {
      to: body.to,
      from: body.from ?? undefined,
      subject: body.subject ?? '',
      text: body.message ?? '',
    })
    return undefined
  },
})

export const emailRoutes = [postEmail]
