import type { Vault } from '#src/lib/secret.ts'
import type { Store } from '#src/store/index.ts'

export interface AccountsNeed {
  readonly store: Store
  readonly vault: Vault
}

/** What binds a sealed value to its row, so that it opens nowhere else. */
export const secretContext = {
  organizationSecret: (organizationId: number): string => `organization/${organizationId}/secret`,
  userSecret: (organizationId: number, userId: number): string => `user/${organizationId}/${userId}/secret`,
}

/** E-mails are compared without regard to case and surrounding blanks. */
export const emailKey = (email: string): string => email.trim().toLowerCase()
