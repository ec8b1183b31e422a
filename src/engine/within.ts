import { AppError } from '#src/lib/errors.ts'
import type { Later } from '#src/lib/later.ts'
import { createTimeLimits } from '#src/lib/time-limits.ts'

const limits = createTimeLimits()

/**
 * What is awaited, unless the call's deadline comes first. What was begun goes on: others may wait for it too.
 * @param deadlineMs in milliseconds since 1970.
 * @throws AppError `provider-timeout` at the deadline. @param doing what took so long: "to ...".
 */
export const withinDeadline = <T>(awaited: Later<T>, deadlineMs: number, doing: string): Later<T> => {
  if (!(awaited instanceof Promise)) return awaited
  return new Promise<T>((resolve, reject) => {
    const limit = limits.watch(Math.max(0, deadlineMs - Date.now()), {
      over: () =>
        reject(
          new AppError('provider-timeout', `No time was left ${doing}.`, {
            hop: 'network',
            retryable: true,
          }),
        ),
    })
    awaited.then(
      (value) => {
        limits.end(limit)
        resolve(value)
      },
      (error: unknown) => {
        limits.end(limit)
        reject(error)
      },
    )
  })
}
