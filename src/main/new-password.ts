import { newSecret } from '#src/lib/secret.ts'

/** A password that a person can still type: 24 letters and digits, over 140 bits. */
export const newPassword = (): string =>
  newSecret()
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 24)
