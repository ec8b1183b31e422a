import { type GrantDueKey, grantsDue, type Job } from '#src/queue/index.ts'
import type { Instances } from '#src/services/index.ts'

export interface GrantsNeed {
  readonly instances: Pick<Instances, 'keepGrant'>
}

/** Vendors' token addresses are slow and many: while some are waited for, others are asked. */
const parallel = 16

/**
 * Renews grants in use ahead of their end, keeps idle ones alive, and notes the end of those that nobody can
 * renew. Its vendor calls belong to no request, so no request log has them.
 */
export const keepGrants = ({ instances }: GrantsNeed): Job<GrantDueKey> => ({
  table: grantsDue,
  parallel,
  batch: parallel,
  timeoutSeconds: 60,
  run: ({ row, token, attempts }) => instances.keepGrant(row, { token }, attempts, () => undefined),
})
