import type { Operation } from '../operation.ts'

/**
 * Drops every token that the caller's principal gave to the app. The page names refresh tokens only;
 * access tokens go too, so that a revoked connection is seen at once.
 * Follows: developer.concur.com, Authentication, revoke. Verified: 2026-08
 */
export const connectionOperations: readonly Operation[] = [
  {
    name: 'oauth.revoke',
    follows: 'Authentication, Revoking tokens',
    method: 'DELETE',
    path: '/app-mgmt/v0/connections',
    family: 'oauth',
    access: 'bearer',
    run: (sandbox, ask) => {
      sandbox.state.record({ kind: 'revoked', principal: ask.principal, client: ask.client })
      return { status: 200 }
    },
  },
]
