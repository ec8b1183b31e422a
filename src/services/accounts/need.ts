import { AppError } from '#src/lib/errors.ts'
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

/** @throws AppError `bad-request` when a password is too short or too long. */
export const checkPassword = (password: string): string => {
  if (password.length >= 8 && password.length <= 1024) return password
  throw new AppError('bad-request', 'password: it needs at least 8 characters, and at most 1024.')
}
