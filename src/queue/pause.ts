/** A wait that somebody else can cut short. */
export interface Pause {
  /** Resolves after so long, or when cut; at once when it was cut since the last wait ended. One waits at a time. */
  readonly wait: (ms: number) => Promise<void>
  readonly cut: () => void
}

export const createPause = (): Pause => {
  let end: (() => void) | undefined
  let isCut = false
  return {
    wait: (ms) => {
      if (isCut) {
        isCut = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => end?.(), ms)
        end = () => {
          clearTimeout(timer)
          end = undefined
          resolve()
        }
      })
    },
    cut: () => {
      if (end === undefined) isCut = true
      else end()
    },
  }
}
