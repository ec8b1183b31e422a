import { z } from 'zod'
import { OrganizationReply, UserReply } from '#src/contract/index.ts'
import type { Caller } from '#src/services/index.ts'
import { type ApiContext, defineRoute } from '../route.ts'

const ownOrganization = async (
  ctx: ApiContext,
  caller: Caller,
): Promise<z.input<typeof OrganizationReply>> => {
  const { id, name, secret, createdAt } = await ctx.accounts.organization(caller.organizationId)
  const vdrVersion = await ctx.accounts.vdrVersion(caller.organizationId)
  return { id, name, secret, vdrVersion, createdDate: createdAt.toISOString() }
}

/** Clients find their organization's number here; a caller has one, its own. */
export const listOrganizations = defineRoute({
  method: 'GET',
  path: '/organizations',
  auth: 'platform',
  reply: z.array(OrganizationReply),
  handle: async ({ ctx, caller }) => [await ownOrganization(ctx, caller)],
})

export const readOrganization = defineRoute({
  method: 'GET',
  path: '/organizations/me',
  auth: 'platform',
  reply: OrganizationReply,
  handle: ({ ctx, caller }) => ownOrganization(ctx, caller),
})

export const listUsers = defineRoute({
  method: 'GET',
  path: '/users',
  auth: 'platform',
  reply: z.array(UserReply),
  handle: async ({ ctx, caller }) => {
    const users = await ctx.accounts.users(caller.organizationId)
    return users.map((user) => ({
      id: user.userId,
      createdDate: user.createdAt.toISOString(),
      firstName: user.firstName,
      lastName: user.lastName,
      fullName: `${user.firstName} ${user.lastName}`.trim(),
      email: user.email,
      active: user.active,
      enabled: user.active,
      accountExpired: false,
      accountLocked: false,
      credentialsExpired: false,
      ...(user.lastLoginDate === null ? {} : { lastLoginDate: user.lastLoginDate }),
      roles: [
        { key: 'org', name: 'Organization' },
        { key: 'admin', name: 'Account administrator' },
      ],
    }))
  },
})
