/** Things to stop, in the opposite order of their start. One that fails to stop does not keep the rest. */
export const createStopStack = (onError: (error: unknown) => void) => {
  const stops: (() => Promise<void>)[] = []
  return {
    push: (stop: () => Promise<void>): void => {
      stops.push(stop)
    },
    stopAll: async (): Promise<void> => {
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
        await stop().catch(onError)
      }
    },
  }
}

export type StopStack = ReturnType<typeof createStopStack>
