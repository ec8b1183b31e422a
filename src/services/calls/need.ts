import type { Vault } from '#src/lib/secret.ts'
import type { Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Instances } from '../instances/index.ts'
import type { Notifications } from '../notifications/index.ts'

/** A call of our own API, made by this program itself. */
export interface OwnCall {
  readonly method: string
  /** Below the API's base, with its query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string | undefined
  /** The job of which it is a run. */
  readonly jobId?: number | undefined
  /** Aborts it, as if its client had left. */
  readonly signal: AbortSignal
}

/** What our own API answered. */
export interface OwnReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

export interface CallsNeed {
  readonly store: Store
  readonly vault: Vault
  readonly accounts: Pick<Accounts, 'secretsOfUser'>
  readonly instances: Pick<Instances, 'ownAccess'>
  readonly notifications: Pick<Notifications, 'tell'>
  readonly queue: Pick<Queue, 'finish' | 'wake'>
  readonly callApi: (call: OwnCall) => Promise<OwnReply>
}

/** What binds a sealed part of a call to its row. */
export const sealContext = (part: 'request' | 'body', organizationId: number, callId: number): string =>
  `call/${organizationId}/${callId}/${part}`
