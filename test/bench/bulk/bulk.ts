import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ids, Phase } from './order.ts'
import { readIds, walkVendor } from './read-ids.ts'
import { type BulkStage, openStage } from './stage.ts'
import { makeUpload } from './upload-table.ts'
import { watchPhase } from './watch.ts'

export interface BulkPace {
  readonly rows: number
}

interface Bare {
  readonly rowsPerSecond: number
  /** Microseconds of CPU a row. */
  readonly cpu: number
}

export interface BulkFindings extends BulkPace {
  /** A bare loop that reads the vendor's pages and writes them as lines. */
  readonly bare: Bare
  readonly phases: readonly Phase[]
}

/** The phases, by what a person would call them. */
const phaseNames = {
  download: 'download, from the sandbox to a sealed file',
  csv: 'its file as CSV, to a client',
  json: 'its file as JSON, to a client',
  receive: 'a CSV file for upload, from a client',
  upload: 'its rows to a vendor that answers at once',
} as const

/** @throws Error when two readings are not the same rows in the same order. */
const mustEqual = (got: Ids, wanted: Ids, where: string): void => {
  if (got.rows === wanted.rows && got.sha256 === wanted.sha256) return
  throw new Error(`${where}: ${got.rows} rows of ids ${got.sha256}, not ${wanted.rows} of ${wanted.sha256}`)
}

type Say = (text: string) => void

const walkBare = async (stage: BulkStage) => {
  const path = join(stage.folder, 'walked.jsonl')
  const headers = await stage.caller()
  const before = process.cpuUsage()
  const beganMs = performance.now()
  const walked = await walkVendor(stage.sandboxPort, headers, path)
  const { user, system } = process.cpuUsage(before)
  const rowsPerSecond = walked.rows / ((performance.now() - beganMs) / 1_000)
  await rm(path)
  return { walked, bare: { rowsPerSecond, cpu: (user + system) / walked.rows } satisfies Bare }
}

const runDownload = async (stage: BulkStage, rows: number, say: Say) => {
  const { walked, bare } = await walkBare(stage)
  if (walked.rows !== rows) throw new Error(`the sandbox has ${walked.rows} reports, not ${rows}`)
  say(`bulk: a bare loop read ${rows} reports at ${Math.round(bare.rowsPerSecond)} a second`)
  const job = await watchPhase(stage, phaseNames.download, rows, async (note) => {
    const id = await stage.query(`select * from reports where user = 'ALL'`)
    await stage.ended(id, rows, note)
    return id
  })
  say(`bulk: downloaded at ${Math.round(rows / job.phase.seconds)} a second`)
  const read = async (what: string, format: 'text/csv' | 'application/json'): Promise<Phase> => {
    const { phase, result } = await watchPhase(stage, what, rows, (note) =>
      readIds(stage.fileUrl(job.result), stage.headers, format, note),
    )
    mustEqual(result, walked, what)
    say(`bulk: read as ${format} at ${Math.round(rows / phase.seconds)} a second`)
    return phase
  }
  const csv = await read(phaseNames.csv, 'text/csv')
  const json = await read(phaseNames.json, 'application/json')
  return { bare, phases: [job.phase, csv, json] }
}

const runUpload = async (stage: BulkStage, rows: number, say: Say): Promise<readonly Phase[]> => {
  const path = join(stage.folder, 'upload.csv')
  await makeUpload(path, rows)
  await stage.expect(rows)
  const received = await watchPhase(stage, phaseNames.receive, rows, () => stage.upload(path))
  const sent = await watchPhase(stage, phaseNames.upload, rows, (note) =>
    stage.ended(received.result, rows, note),
  )
  say(`bulk: uploaded at ${Math.round(rows / sent.phase.seconds)} a second`)
  const { answered, foreign, once, again } = await stage.made()
  if (answered !== rows || once !== rows || again + foreign > 0)
    throw new Error(
      `the vendor made ${answered} of ${rows} rows: ${once} once, ${again} again, ${foreign} others`,
    )
  return [received.phase, sent.phase]
}

/** Rows out of the sandbox into files and out of a file to a vendor, by the product as it runs on a server. */
export const measureBulk = async ({ rows }: BulkPace, say: Say): Promise<BulkFindings> => {
  say(`Measuring bulk: ${rows} rows down and up`)
  const stage = await openStage(rows)
  try {
    const { bare, phases } = await runDownload(stage, rows, say)
    return { rows, bare, phases: [...phases, ...(await runUpload(stage, rows, say))] }
  } finally {
    await stage.close()
  }
}
