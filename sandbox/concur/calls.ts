/** What was asked of the sandbox: counts by operation and grant, and the last 1,000 requests. */
export interface Call {
  readonly at: string
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly grant: string | null
  readonly correlationId: string
}

const kept = 1000
const secretNames =
  /^(code|password|client_secret|refresh_token|access_token|id_token|token|code_verifier|otp|ticket|state)$/i

/** The path with the values of secret query parameters replaced. */
export const maskPath = (target: string): string => {
  const [path = '', query] = target.split('?', 2)
  if (query === undefined) return path
  const shown = query.split('&').map((pair) => {
    const name = pair.split('=', 1)[0] ?? ''
    return secretNames.test(name) ? `${name}=***` : pair
  })
  return `${path}?${shown.join('&')}`
}

export const createCalls = () => {
  let operations: Record<string, number> = {}
  let grants: Record<string, number> = {}
  let requests: Call[] = []
  const count = (counts: Record<string, number>, name: string) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  return {
    add: (call: Call): void => {
      count(operations, call.operation)
      if (call.grant !== null) count(grants, call.grant)
      requests.push(call)
      if (requests.length > kept * 2) requests = requests.slice(-kept)
    },
    list: () => ({ operations, grants, requests: requests.slice(-kept) }),
    clear: (): void => {
      operations = {}
      grants = {}
      requests = []
    },
  }
}
export type Calls = ReturnType<typeof createCalls>
