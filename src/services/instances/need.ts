import type { Engine } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Vault } from '#src/lib/secret.ts'
import type { Outbound, SentCall } from '#src/outbound/index.ts'
import type { Queue } from '#src/queue/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Changes } from './changes.ts'
import type { Uses } from './uses.ts'

export interface InstancesNeed {
  readonly store: Store
  readonly vault: Vault
  readonly outbound: Outbound
  readonly catalogue: Catalogue
  readonly accounts: Pick<Accounts, 'user'>
  readonly queue: Pick<Queue, 'leaseOne'>
  /** Tries a connection that is not stored yet. */
  readonly verify: Engine['verify']
  /** Whether people may connect by their own password. */
  readonly allowPasswordGrant: boolean
}

/** What the room's own parts need besides. */
export interface InstancesRoom extends InstancesNeed {
  /** Who this process is on the channel, so that it can tell its own messages. */
  readonly sender: string
  readonly changes: Changes
  readonly uses: Uses
}

export type Record = (call: SentCall) => void

/** The channel on which processes tell each other that an instance changed. */
export const instanceChannel = 'amalgam_instance'

export const instanceChanged = ({ sender }: InstancesRoom, instanceId: number): string =>
  `${instanceId} ${sender}`

/** How the mappings of a whole organization are told, since many instances answer by them. */
export const mappingsChanged = ({ sender }: InstancesRoom, organizationId: number): string =>
  `mappings-${organizationId} ${sender}`

/** The organization whose mappings another process changed; null where the message is of something else. */
export const mappingsChangedElsewhere = ({ sender }: InstancesRoom, payload: string): number | null => {
  const [what = '', from] = payload.split(' ')
  const id = /^mappings-(\d+)$/.exec(what)?.[1]
  return from === sender || id === undefined ? null : Number(id)
}

/** How changed elements of an organization are told: on the channel of instances, which are opened by them. */
export const elementsChanged = ({ sender }: InstancesRoom, organizationId: number): string =>
  `elements-${organizationId} ${sender}`

/** The organization whose elements another process changed; null where the message is of something else. */
export const elementsChangedElsewhere = ({ sender }: InstancesRoom, payload: string): number | null => {
  const [what = '', from] = payload.split(' ')
  const id = /^elements-(\d+)$/.exec(what)?.[1]
  return from === sender || id === undefined ? null : Number(id)
}

/** The instance that another process changed; null for what this one sent itself. */
export const changedElsewhere = ({ sender }: InstancesRoom, payload: string): number | null => {
  const [id, from] = payload.split(' ')
  return from === sender || Number.isNaN(Number(id)) ? null : Number(id)
}

/** What binds a sealed value to its row, so that it opens nowhere else. */
export const sealContext = (
  part: 'secrets' | 'token' | `grant-${string}`,
  organizationId: number,
  instanceId: number,
): string => `instance/${organizationId}/${instanceId}/${part}`

/** Reads of a secret show this; sent back, it means "unchanged" (spec/contract.md 2.2). */
export const mask = '********'

/** An id that the caller has no instance of, whoever else may have. */
export const noInstance = (instanceId: number | string): AppError =>
  new AppError('not-found', `No instance found with id ${instanceId}`)
