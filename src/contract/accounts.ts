import { z } from 'zod'

/** spec/behaviour.md 1. Unknown keys in bodies are tolerated everywhere. */
export const LoginBody = z.looseObject({
  username: z.string().min(1).max(254),
  password: z.string().min(1).max(1024),
})

export const LoginReply = z.object({ token: z.string() })

export const SecretsReply = z.object({ userSecret: z.string(), organizationSecret: z.string() })

export const OrganizationReply = z.object({
  id: z.number(),
  name: z.string(),
  secret: z.string(),
  vdrVersion: z.enum(['v1', 'v2']),
  createdDate: z.string(),
})

/** spec/contract.md 2.3, user. */
export const UserReply = z.object({
  id: z.number(),
  createdDate: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  fullName: z.string(),
  email: z.string(),
  active: z.boolean(),
  enabled: z.boolean(),
  accountExpired: z.boolean(),
  accountLocked: z.boolean(),
  credentialsExpired: z.boolean(),
  lastLoginDate: z.string().optional(),
  roles: z.array(z.looseObject({ key: z.string(), name: z.string() })),
})
