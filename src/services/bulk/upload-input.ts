import type { Resource } from '#src/element/index.ts'
import type { BulkJobKey, Claim } from '#src/queue/index.ts'
import type { BulkJobRow } from '#src/store/index.ts'
import type { HubCall } from '../objects/index.ts'

/** What a step of an upload works on. */
export interface UploadInput {
  readonly job: BulkJobRow
  readonly claim: Claim<BulkJobKey>
  /** Undefined: there is no object of that name. */
  readonly resource: Resource | undefined
  readonly call: HubCall
  /** Whether to come to an end soon: the job was cancelled, or the process stops. */
  readonly isOver: () => boolean
}
