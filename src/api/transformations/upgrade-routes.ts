import { z } from 'zod'
import { VdrVersionReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { commaList, many } from '../parameters.ts'
import { defineRoute, type Route } from '../route.ts'

/** Organizations to upgrade; the caller's unless said. A repeated name, or one with commas between. */
const OrganizationsQuery = z.looseObject({ orgIds: many, 'orgIds[]': many })

const path = '/vdrs/upgrade/v2'

/**
 * Whether replies of a level tell the numbers of common resources and fields (spec/behaviour.md 6.4). Both generations
 * are of one storage: nothing else changes.
 */
export const upgradeRoutes: readonly Route[] = (
  [
    ['PUT', 'v2'],
    ['DELETE', 'v1'],
  ] as const
).map(([method, vdrVersion]) =>
  defineRoute({
    ...{ method, path, auth: 'platform', query: OrganizationsQuery, reply: VdrVersionReply },
    handle: async ({ ctx, caller, query }) => {
      const ids = commaList([...query.orgIds, ...query['orgIds[]']])
      const foreign = ids.find((id) => id !== String(caller.organizationId))
      if (foreign !== undefined)
        throw new AppError(
          'not-allowed',
          `orgIds: ${foreign.slice(0, 64)} is not your organization, and no other is yours to change.`,
        )
      await ctx.accounts.setVdrVersion(caller.organizationId, vdrVersion)
      return { vdrVersion }
    },
  }),
)
