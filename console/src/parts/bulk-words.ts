import { hasEnded } from '../api/bulk.ts'
import type { BulkJobRow, BulkStatus } from '../api/shapes.ts'
import { stateColors } from './instance-state.ts'

type State = BulkStatus['status']

/** What a job of the API is to a person: as its state, or `WAITING` until something at the vendor has passed. */
export type JobState = State | 'WAITING'

export const jobStateWords: Readonly<Record<JobState, string>> = {
  CREATED: 'to begin',
  RUNNING: 'running',
  WAITING: 'waiting',
  COMPLETED: 'complete',
  ABORTED: 'failed',
  CANCELLED: 'cancelled',
}

export const jobStateColors: Readonly<Record<JobState, string>> = {
  CREATED: stateColors.disabled,
  RUNNING: 'blue.8',
  WAITING: stateColors.expiring,
  COMPLETED: stateColors.ok,
  ABORTED: stateColors['needs-reconnect'],
  CANCELLED: stateColors.disabled,
}

const waits = /^Waits: /

/** A job that waits says so, and for what. */
export const jobStateOf = (job: Pick<BulkStatus, 'status' | 'infoMessage'>): JobState =>
  !hasEnded(job) && waits.test(job.infoMessage) ? 'WAITING' : job.status

/** What a job says, without what its state says already. */
export const saidOf = ({ infoMessage }: Pick<BulkStatus, 'infoMessage'>): string =>
  infoMessage.replace(waits, '')

export const directionWords: Readonly<Record<BulkJobRow['job_direction'], string>> = {
  DOWNLOAD: 'Download',
  UPLOAD: 'Upload',
}

export const counted = (count: number, unit: string): string =>
  `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`

/** How far it is, of 100; undefined: not known. Only what is complete is 100. */
export const percentOf = ({ status, recordsCount, recordsExpected }: BulkStatus): number | undefined => {
  if (status === 'COMPLETED') return 100
  if (recordsExpected === null || recordsExpected === 0) return undefined
  return Math.min(99, Math.floor((recordsCount / recordsExpected) * 100))
}

/** Bytes in words: `812 bytes`, `3.4 MB`. */
export const sizeWords = (bytes: number): string => {
  if (bytes < 1_000) return counted(bytes, 'byte')
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'KB'] : [bytes / 1_000_000, 'MB']
  return `${size.toLocaleString('en', { maximumFractionDigits: size < 10 ? 1 : 0 })} ${unit}`
}

/** What a person chooses to download; empty texts hold for all. */
export interface DownloadChoice {
  readonly resource: string
  readonly where: string
  readonly fields: string
  readonly limit: string
}

/** The choice as one query in CEQL. */
export const selectText = ({ resource, where, fields, limit }: DownloadChoice): string => {
  const part = (word: string, text: string): string => (text.trim() === '' ? '' : ` ${word} ${text.trim()}`)
  const names = fields.trim() === '' ? '*' : fields.trim()
  return `select ${names} from ${resource}${part('where', where)}${part('limit', limit)}`
}
