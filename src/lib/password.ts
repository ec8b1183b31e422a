import { hash, verify } from '@node-rs/argon2'

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. 2 is argon2id's number in the
// library, whose const enum cannot be imported by isolated modules.
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A salted argon2id hash in PHC form. Computed off the main thread. */
export const hashPassword = (password: string): Promise<string> => hash(password, cost)

/** Whether the password fits the hash; false as well when the hash is none. Never throws. */
export const verifyPassword = async (hashed: string, password: string): Promise<boolean> => {
  try {
    return await verify(hashed, password)
  } catch {
    return false
  }
}

/** Takes as long as a real check: for users that do not exist, so that the time tells nobody. */
export const verifyNothing = async (password: string): Promise<false> => {
  await hashPassword(password)
  return false
}
