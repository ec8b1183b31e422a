import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { Claim } from './claim.ts'
import type { DueTable, TableShape } from './due-table.ts'
import type { Due, SettlementOf, Written, WrittenEnds } from './settle.ts'

/**
 * `finished`: the job ended its claim itself, inside the transaction of its effect. Else when the row is due
 * next, and which of its written columns change: that is written together with others', for work that has no other effect.
 */
export type Outcome = 'finished' | Due | Again

/** A row that is due again, with columns of its own that change along. */
export interface Again {
  readonly due: Due
  readonly set: Written
}

interface JobLimits {
  /** So many rows are handled at once by one process. */
  readonly parallel: number
  /** Rows claimed in one statement; so many are held ready, or wait for their turn, beyond those being handled. */
  readonly batch: number
  /** How many of those being handled only wait for their turn: no more are claimed while they are many. */
  readonly waiting?: () => number
  /** Between two claims that did not find all they asked for, so that rows come in batches; 10 unless said. */
  readonly pauseMs?: number
  /** After so long `signal` is aborted and the row counts as failed; 300 unless said. */
  readonly timeoutSeconds?: number
  /** How long a row waits after its nth failure; unless said 2, 4, 8 and so on up to 600, give or take a fifth. */
  readonly backoffSeconds?: (attempts: number) => number
}

/** What a worker does with the due rows of one table. Must be safe to run twice: only its end is fenced. */
export interface Job<Key extends object, Row extends Key = Key> extends JobLimits {
  readonly table: DueTable<Key, Row>
  /** `signal` is aborted when the lease is lost, the time is over or the worker stops. */
  readonly run: (claim: Claim<Row>, signal: StopSignal) => Promise<Outcome>
  /**
   * Writes ends together with what follows from them, in one transaction; unless given they are written alone. What it
   * throws is tried again. All other ends of the process wait for it: what somebody keeps locked for long it gives back
   * as busy.
   */
  readonly writeEnds?: (ends: readonly SettlementOf<Row>[]) => Promise<WrittenEnds>
}

/** A job of whatever table, for lists. */
export interface AnyJob extends JobLimits {
  readonly table: TableShape
  readonly run: (claim: Claim<never>, signal: StopSignal) => Promise<Outcome>
  readonly writeEnds?: (ends: readonly SettlementOf<never>[]) => Promise<WrittenEnds>
}

const longestBackoffSeconds = 600

/** Doubled with each failure, and spread, so that rows that failed together do not come back together. */
export const defaultBackoffSeconds = (attempts: number): number =>
  Math.min(2 ** attempts, longestBackoffSeconds) * (0.8 + Math.random() * 0.4)
