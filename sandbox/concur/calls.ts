/** What was asked of the sandbox: counts that are never cut, and the last 1,000 requests. */
export interface Call {
  readonly at: string
  readonly operation: string
  readonly method: string
  readonly path: string
  /** 0 when the connection ended without a reply. */
  readonly status: number
  readonly ms: number
  readonly grant: string | null
  /** The first 16 hex digits of the SHA-256 of the refresh token that the reply holds. */
  readonly issued: string | null
  readonly correlationId: string
  /** Whether the whole reply was handed to the network. */
  readonly sent: boolean
}

/** How a grant fared: asked, granted (200), and granted with the whole reply sent. */
interface GrantTotal {
  readonly asked: number
  readonly granted: number
  readonly sent: number
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

const createCounts = () => ({
  requests: 0,
  sent: 0,
  operations: {} as Record<string, number>,
  /** By operation and status. */
  statuses: {} as Record<string, Record<string, number>>,
  grants: {} as Record<string, number>,
  byGrant: {} as Record<string, GrantTotal>,
})

const noTotal: GrantTotal = { asked: 0, granted: 0, sent: 0 }

export const createCalls = () => {
  let counts = createCounts()
  let requests: Call[] = []
  const count = (numbers: Record<string, number>, name: string) => {
    numbers[name] = (numbers[name] ?? 0) + 1
  }
  const countGrant = (grant: string | null, more: GrantTotal) => {
    if (grant === null) return
    const { asked, granted, sent } = counts.byGrant[grant] ?? noTotal
    counts.byGrant[grant] = {
      asked: asked + more.asked,
      granted: granted + more.granted,
      sent: sent + more.sent,
    }
  }
  return {
    /** Counts a call whose reply is about to be sent; the returned function says that all of it was. */
    add: (call: Omit<Call, 'sent'>): (() => void) => {
      const entry = { ...call, sent: false }
      const mine = counts
      const granted = call.status === 200 ? 1 : 0
      mine.requests += 1
      count(mine.operations, call.operation)
      mine.statuses[call.operation] ??= {}
      count(mine.statuses[call.operation] ?? {}, String(call.status))
      if (call.grant !== null) count(mine.grants, call.grant)
      countGrant(call.grant, { asked: 1, granted, sent: 0 })
      requests.push(entry)
      if (requests.length > kept * 2) requests = requests.slice(-kept)
      return () => {
        entry.sent = true
        // Counted anew since: this call is not of the new count.
        if (mine !== counts) return
        mine.sent += 1
        countGrant(call.grant, { asked: 0, granted: 0, sent: granted })
      }
    },
    list: () => {
      const { operations, statuses, grants, requests: all, sent, byGrant } = counts
      const total = { requests: all, sent, statuses, grants: byGrant }
      return { operations, grants, total, requests: requests.slice(-kept) }
    },
    clear: (): void => {
      counts = createCounts()
      requests = []
    },
  }
}
export type Calls = ReturnType<typeof createCalls>
