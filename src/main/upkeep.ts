import type { Context } from './context.ts'

const everyMs = 3_600_000
const firstAfterMs = 30_000
const requestLogDays = 7

/** Removes what is past its time: request log rows after 7 days, ended sessions, old login failures. */
export const startUpkeep = (context: Context): (() => Promise<void>) => {
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  const prune = async (): Promise<void> => {
    let removed = 1
    while (removed > 0 && !stopped) removed = await context.requestLog.prune(requestLogDays)
    await context.store.directory.prune()
    await context.store.loginFailures.prune()
  }

  const run = (): void => {
    running = prune().catch((error: unknown) => {
      context.logger.error({ err: error }, 'old rows could not be removed; it is tried again')
    })
  }

  const first = setTimeout(run, firstAfterMs)
  const timer = setInterval(run, everyMs)
  return async () => {
    stopped = true
    clearTimeout(first)
    clearInterval(timer)
    await running
  }
}
