import { randomBytes } from 'node:crypto'
import { AppError } from '#src/lib/errors.ts'
import { fileKeyBytes, openSealedFile, sealFile } from '#src/lib/sealed-file.ts'
import type { BulkJobRow, BulkKey } from '#src/store/index.ts'
import { type BulkNeed, fileKeyContext } from './need.ts'

type FilesNeed = Pick<BulkNeed, 'vault' | 'files'>
type KeyedJob = Pick<BulkJobRow, 'organizationId' | 'jobId' | 'fileKeySealed'>

/** The folder of all jobs' files. */
export const root = 'bulk'

/** The folder of a job's files. */
export const folderOf = ({ organizationId, jobId }: BulkKey): string => `${root}/${organizationId}/${jobId}`

/** A key for the files of a new job, sealed. */
export const newFileKey = ({ vault }: FilesNeed, { organizationId, jobId }: BulkKey): Buffer =>
  vault.seal(randomBytes(fileKeyBytes).toString('base64'), fileKeyContext(organizationId, jobId))

/**
 * A name that no other attempt uses: what a process stores that was taken for dead replaces nothing.
 * @param word of lower-case letters.
 */
export const newFileName = (job: BulkKey, word: string): string =>
  `${folderOf(job)}/${word}-${randomBytes(8).toString('hex')}`

const sealOf = ({ vault }: FilesNeed, { organizationId, jobId, fileKeySealed }: KeyedJob, name: string) => {
  if (fileKeySealed === null)
    throw new AppError(
      'not-found',
      `The files of bulk job ${jobId} are gone: they are kept for some days only.`,
    )
  const key = Buffer.from(vault.open(fileKeySealed, fileKeyContext(organizationId, jobId)), 'base64')
  return { key, name }
}

/** Stores a file of a job, sealed, whole or not at all. */
export const putFile = (
  need: FilesNeed,
  job: KeyedJob,
  name: string,
  source: AsyncIterable<Uint8Array>,
): Promise<number> => need.files.put(name, sealFile(source, sealOf(need, job, name)))

/**
 * The content of a job's file, from a byte on.
 * @throws AppError `not-found` when its files are gone, `key-missing`.
 */
export const readFile = (need: FilesNeed, job: KeyedJob, name: string, from = 0): AsyncIterable<Buffer> =>
  openSealedFile((at) => need.files.read(name, at), sealOf(need, job, name), from)
