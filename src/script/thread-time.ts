import { readFileSync, readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Other threads of this process go first where cores are short: they answer calls that have no script. */
const niceness = 5

/** Lets this thread stand back. @returns its number; undefined but on Linux, where alone threads have priorities. */
export const standBack = (): number | undefined => {
  try {
    const [, , thread] = readlinkSync('/proc/thread-self').split('/')
    setPriority(Number(thread), niceness)
    return Number(thread)
  } catch {
    // Where it cannot be set, scripts compete with the rest.
    return undefined
  }
}

/**
 * Milliseconds that a thread of this process, or the one that asks, has been running on a core, where the system tells (Linux, proc_schedstat); else the
 * wall clock, which also counts the time in which others ran.
 */
export const threadMs = (thread?: number): number => {
  const folder = thread === undefined ? '/proc/thread-self' : `/proc/self/task/${thread}`
  try {
    const [nanoseconds = ''] = readFileSync(`${folder}/schedstat`, 'latin1').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return performance.now()
  }
}
