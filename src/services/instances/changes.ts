/** Tells whoever waits in this process that an instance has changed. */
export const createChanges = () => {
  const waiting = new Map<number, Set<() => void>>()

  const leave = (instanceId: number, told: () => void): void => {
    const others = waiting.get(instanceId)
    others?.delete(told)
    if (others?.size === 0) waiting.delete(instanceId)
  }

  return {
    tell: (instanceId: number): void => {
      for (const told of [...(waiting.get(instanceId) ?? [])]) told()
    },
    tellAll: (): void => {
      for (const instanceId of [...waiting.keys()])
        for (const told of [...(waiting.get(instanceId) ?? [])]) told()
    },
    /** Resolves with the next change of the instance, or when `signal` is aborted. */
    next: (instanceId: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const told = (): void => {
          leave(instanceId, told)
          resolve()
        }
        const others = waiting.get(instanceId) ?? new Set()
        others.add(told)
        waiting.set(instanceId, others)
        signal.addEventListener('abort', told, { once: true })
      }),
  }
}

export type Changes = ReturnType<typeof createChanges>
