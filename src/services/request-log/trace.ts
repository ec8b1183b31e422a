import type { SentCall } from '#src/outbound/index.ts'

/** What a call learns about itself on its way. */
export interface RequestTrace {
  organizationId?: number
  accountId?: number
  userId?: number
  instanceId?: number
  elementKey?: string
  plan?: string
  /** Why rows are as they were without their script. */
  scriptError?: string
  /** Whether it was a call on an instance's hub. */
  isHubCall?: boolean
  readonly vendorCalls: SentCall[]
}

export interface FinishedRequest {
  readonly requestId: string
  readonly method: string
  /** Without query values. */
  readonly path: string
  readonly status: number
  /** Milliseconds, with fractions. */
  readonly ms: number
  readonly remoteAddress: string
  readonly startedAt: Date
  readonly errorCode: string | undefined
  readonly trace: RequestTrace
}
