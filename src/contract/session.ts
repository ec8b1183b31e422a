import { z } from 'zod'

/** Body of POST /authentication/passwords. */
export const PasswordBody = z.looseObject({
  oldPassword: z.string({ error: 'missing: send the password of today' }).min(1).max(1024),
  newPassword: z.string({ error: 'missing: send the new password' }).min(8, {
    error: 'the new password needs at least 8 characters',
  }),
})

/** Body of POST /authentication/secrets/reset. */
export const SecretResetBody = z.looseObject({
  secret: z.enum(['user', 'organization'], { error: "'user' or 'organization'" }),
})

/** Who signed in on the page; `user` is null when nobody did. */
export const SessionReply = z.object({
  user: z
    .object({
      id: z.number(),
      accountId: z.number(),
      email: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      organization: z.object({ id: z.number(), name: z.string() }),
      /** When this person first looked at the secrets, and first called a hub through the API; null: not yet. */
      secretsSeenDate: z.string().nullable(),
      firstCallDate: z.string().nullable(),
    })
    .nullable(),
  /** Where clients find this server, without a trailing slash. */
  publicUrl: z.string(),
})

/** What one live call on an instance's behalf gave. */
export const InstanceTestReply = z.object({
  resource: z.string(),
  rows: z.number(),
  ms: z.number(),
})
