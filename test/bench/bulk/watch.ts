import { forgetPeak, peakMb } from '../../support/resident.ts'
import { cpuSeconds } from '../processes.ts'
import type { Part, Peaks, Phase } from './order.ts'
import type { BulkStage } from './stage.ts'

/** What a phase ran into, told while it goes on. */
export type Note = (rows: number) => void

const both = (of: (part: Part) => number): Peaks => ({ serve: of('serve'), work: of('work') })

/**
 * Runs a phase and tells what it cost the processes of the product.
 * @param rows how many it is about; `run` is handed what it tells how many are done.
 */
export const watchPhase = async <T>(
  { pids, databaseSeconds }: BulkStage,
  what: string,
  rows: number,
  run: (note: Note) => Promise<T>,
): Promise<{ readonly phase: Phase; readonly result: T }> => {
  const peaks = (): Peaks => both((part) => peakMb(pids[part]))
  const cpu = async () => ({ ...both((part) => cpuSeconds(pids[part])), database: await databaseSeconds() })
  for (const pid of Object.values(pids)) forgetPeak(pid)
  let tenth: Peaks | undefined
  const before = await cpu()
  const beganMs = performance.now()
  const result = await run((done) => {
    if (tenth === undefined && done >= rows / 10) tenth = peaks()
  })
  const seconds = (performance.now() - beganMs) / 1_000
  const after = await cpu()
  const peak = peaks()
  const micros = (name: keyof typeof after): number => ((after[name] - before[name]) * 1e6) / rows
  return {
    result,
    phase: {
      ...{ what, rows, seconds, tenth: tenth ?? peak, peak },
      cpu: { serve: micros('serve'), work: micros('work'), database: micros('database') },
    },
  }
}
