import type { Database } from '#src/store/index.ts'
import type { Lease } from './claim.ts'
import type { TableShape } from './due-table.ts'
import { renewAll, type Settlement } from './settle.ts'

/** A lease on a row that is at work or held ready. */
export interface Kept {
  readonly claim: Lease
  /** When the lease last began, by the monotonic clock, which goes on while a process is paused. */
  sinceMs: number
}

export interface RenewingNeeds<One extends Kept> {
  readonly db: Database
  readonly table: TableShape
  readonly kept: () => readonly One[]
  /** Ends that are not written yet. */
  readonly unwritten: () => readonly Settlement[]
  /** Others have taken it over. */
  readonly onLost: (one: One) => void
  readonly onError: (error: unknown) => void
}

/** Renews the leases of one process on one table, those of ends that cannot be written for a while among them. */
export const createRenewing = <One extends Kept>(needs: RenewingNeeds<One>) => {
  const { db, table, kept, unwritten, onLost, onError } = needs
  const leaseMs = table.leaseSeconds * 1_000
  let timer: NodeJS.Timeout | undefined
  let renewing = false
  /** What was not written at the last look, and since when its lease stands: what is written in time costs no renewal. */
  let noted: ReadonlyMap<Settlement, number> = new Map()

  const renew = async (): Promise<void> => {
    const nowMs = performance.now()
    const isOld = (sinceMs: number): boolean => nowMs - sinceMs > leaseMs / 4
    const old = kept().filter(({ sinceMs }) => isOld(sinceMs))
    const late = unwritten()
    const sinceMs = new Map(late.map((end) => [end, noted.get(end) ?? Number.NEGATIVE_INFINITY]))
    const lateAndOld = late.filter((end) => noted.has(end) && isOld(sinceMs.get(end) ?? 0))
    noted = sinceMs
    const leases = [...old.map(({ claim }) => claim), ...lateAndOld.map(({ lease }) => lease)]
    const { renewed, busy } = await renewAll(db, table, leases, table.leaseSeconds)
    for (const one of old) {
      if (renewed.has(one.claim)) one.sinceMs = nowMs
      else if (!busy.has(one.claim)) onLost(one)
    }
    for (const end of lateAndOld) if (renewed.has(end.lease)) sinceMs.set(end, nowMs)
  }

  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    noted = new Map()
  }

  const look = async (): Promise<void> => {
    // One at a time: those that wait for a connection would each take one.
    if (renewing) return
    if (kept().length === 0 && unwritten().length === 0) {
      stop()
      return
    }
    renewing = true
    try {
      await renew()
    } catch (error) {
      onError(error)
    } finally {
      renewing = false
    }
  }

  return {
    /** Until nothing is kept and all ends are written. */
    start: (): void => {
      timer ??= setInterval(() => void look(), leaseMs / 8)
    },
    stop,
  }
}
