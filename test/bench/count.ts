import { residentMb } from '../support/resident.ts'
import { loadTarget } from './measure.ts'
import type { Counts, Field, PathName } from './targets.ts'

/** What one warm hub call costs beside CPU; exact, for it is counted. */
export interface PerCall {
  readonly path: PathName
  readonly calls: number
  readonly statements: number
  /** Of these, the batched writes of the request log. */
  readonly logWrites: number
  readonly vendorCalls: number
}

const countSeconds = 1

const difference = (after: Counts, before: Counts, calls: number): Omit<PerCall, 'path'> => ({
  calls,
  statements: after.statements - before.statements,
  logWrites: after.logWrites - before.logWrites,
  // The vendor counts the question for its counter too.
  vendorCalls: after.vendorCalls - before.vendorCalls - 1,
})

const product = ({ targets }: Field) => {
  const found = targets.find(({ name }) => name === 'Amalgam')
  if (found === undefined) throw new Error('the product does not run')
  return found
}

/** Puts load on the warm product and tells what its counters and the vendor's say. */
export const countCalls = async (field: Field, path: PathName): Promise<PerCall> => {
  const target = product(field)
  await loadTarget(field.load, target, path, countSeconds)
  const before = await field.counts()
  const { requests } = await loadTarget(field.load, target, path, countSeconds)
  return { path, ...difference(await field.counts(), before, requests) }
}

/** Resident memory of the product, MB. */
export const productMb = (field: Field): number => residentMb(product(field).pid)
