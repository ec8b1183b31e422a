import { hash, verify } from '@node-rs/argon2'
import { createTurns, type Waiter } from './turns.ts'

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. 2 is argon2id's number in the
// library, whose const enum cannot be imported by isolated modules.
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The library works in libuv's pool of threads, which is larger than the cores and memory for this (19 MiB each) are. */
const turns = createTurns({ atOnce: 4 })

const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const waiter: Waiter = {
      group: '',
      begin: () => {
        work()
          .finally(() => turns.end(waiter))
          .then(resolve, reject)
      },
    }
    turns.take(waiter)
  })

/**
 * A salted argon2id hash in PHC form. Computed off the main thread, four at a time with the checks of others.
 * @param work the library's, unless a test brings its own; below too.
 */
export const hashPassword = (password: string, work: typeof hash = hash): Promise<string> =>
  inTurn(() => work(password, cost))

/** Whether the password fits the hash; false as well when the hash is none. Never throws. */
export const verifyPassword = async (
  hashed: string,
  password: string,
  work: typeof verify = verify,
): Promise<boolean> => {
  try {
    return await inTurn(() => work(hashed, password))
  } catch {
    return false
  }
}

/** Takes as long as a real check: for users that do not exist, so that the time tells nobody. */
export const verifyNothing = async (password: string): Promise<false> => {
  await hashPassword(password)
  return false
}
