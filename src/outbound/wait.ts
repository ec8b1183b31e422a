import type { StopSignal } from '#src/lib/stop-signal.ts'

/**
 * Waits, unless one of the signals aborts.
 * @returns whether the whole time was waited.
 */
export const wait = (ms: number, signals: readonly (StopSignal | undefined)[]): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (whole: boolean): void => {
      clearTimeout(timer)
      for (const signal of signals) signal?.removeEventListener('abort', onAbort)
      resolve(whole)
    }
    const onAbort = (): void => end(false)
    const timer = setTimeout(() => end(true), Math.max(0, ms))
    for (const signal of signals) signal?.addEventListener('abort', onAbort, { once: true })
    if (signals.some((signal) => signal?.aborted)) onAbort()
  })
