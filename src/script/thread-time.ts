import { readFileSync, readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Other threads of this process go first where cores are short: they answer calls that have no script. */
const niceness = 10

/** Lets this thread stand back. Only Linux has a priority a thread; elsewhere nothing happens. */
export const standBack = (): void => {
  try {
    const [, , thread] = readlinkSync('/proc/thread-self').split('/')
    setPriority(Number(thread), niceness)
  } catch {
    // Where it cannot be set, scripts compete with the rest.
  }
}

/**
 * Milliseconds that this thread has been running on a core, where the system tells (Linux, proc_schedstat); else the
 * wall clock, which also counts the time in which others ran.
 */
export const threadMs = (): number => {
  try {
    const [nanoseconds = ''] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return performance.now()
  }
}
