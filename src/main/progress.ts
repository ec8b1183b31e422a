/** Tells a person what the start is doing: a step that takes over a second is shown. */
export const createProgress = (write: (line: string) => void) => {
  const slowMs = 1000
  return async <T>(step: string, run: () => Promise<T>): Promise<T> => {
    const timer = setTimeout(() => write(`${step} ...\n`), slowMs)
    try {
      return await run()
    } finally {
      clearTimeout(timer)
    }
  }
}

export type Progress = ReturnType<typeof createProgress>
