/** One call that was answered. */
export interface Call {
  readonly operation: string
  readonly method: string
  /** With its query: no secret of this vendor travels there. */
  readonly path: string
  readonly status: number
  /** What a search was asked. */
  readonly body?: unknown
}

const mostKept = 1_000

/** The calls that the sandbox answered, for tests. */
export const createCalls = () => {
  let kept: Call[] = []
  let operations: Record<string, number> = {}
  return {
    note: (call: Call): void => {
      operations[call.operation] = (operations[call.operation] ?? 0) + 1
      kept.push(call)
      if (kept.length > mostKept * 2) kept = kept.slice(-mostKept)
    },
    list: () => ({ operations, requests: kept.slice(-mostKept) }),
    clear: (): void => {
      kept = []
      operations = {}
    },
  }
}

export type Calls = ReturnType<typeof createCalls>
