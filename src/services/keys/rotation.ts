import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#src/lib/errors.ts'
import { SealedDataError, type Vault } from '#src/lib/secret.ts'
import {
  type Resealed,
  type SealedCount,
  type SealedKey,
  type SealedName,
  type Store,
  sealedColumns,
} from '#src/store/index.ts'
import { contextOf } from './contexts.ts'

/** What a rotation left behind. */
export interface RotationEnd {
  /** Values that were sealed anew, by this run. */
  readonly resealed: number
  /** Values under another key than the first, none when all is done. */
  readonly left: readonly SealedCount[]
  /** The rows whose value does not open with the key that it names, each as `table.column (key)`. */
  readonly damaged: readonly string[]
  readonly stopped: boolean
}

export interface RotationInput {
  /** Ends the rotation after the batch that runs. */
  readonly signal: AbortSignal
  /** Told after each batch. `left`: what was to do at the start, less what is done. */
  readonly onProgress: (progress: {
    readonly table: string
    readonly done: number
    readonly left: number
  }) => void
  /** Values that are read, sealed and stored at once; 200 when absent. */
  readonly batchRows?: number
}

const defaultBatchRows = 200
/** What others sealed with an old key meanwhile, or had locked, is looked for again this often. */
const rounds = 5
const betweenRoundsMs = 500

export type Rotation = ReturnType<typeof createKeyRotation>

/**
 * Seals everything anew under the first key while others go on reading and writing. A value is replaced only
 * as it was read, and the row's version stays, so that a renewed token always wins. Nothing remembers how far
 * it came but the values themselves: stopped at any moment, it goes on where it was.
 */
export const createKeyRotation = (need: { readonly store: Pick<Store, 'sealed'>; readonly vault: Vault }) => {
  const { store, vault } = need
  const oldKeyIds = vault.keyIds.filter((id) => id !== vault.currentKeyId)
  const canBeDone = ({ keyId }: SealedCount): boolean => oldKeyIds.includes(keyId)
  const total = (counts: readonly SealedCount[]): number => counts.reduce((sum, { count }) => sum + count, 0)

  const left = async (): Promise<readonly SealedCount[]> =>
    (await store.sealed.counts()).filter(({ keyId }) => keyId !== vault.currentKeyId)

  const rotate = async ({ signal, onProgress, batchRows }: RotationInput): Promise<RotationEnd> => {
    const damaged = new Set<string>()
    const before = total((await left()).filter(canBeDone))
    let done = 0

    const resealedOf = (name: SealedName, key: SealedKey, sealed: Buffer): readonly Resealed[] => {
      const context = contextOf(name, key)
      try {
        return [{ key, sealed, resealed: vault.seal(vault.open(sealed, context), context) }]
      } catch (error) {
        if (!(error instanceof SealedDataError || error instanceof AppError)) throw error
        damaged.add(`${sealedColumns[name].table}.${sealedColumns[name].column} (${key.join(', ')})`)
        return []
      }
    }

    const rotateColumn = async (name: SealedName): Promise<void> => {
      let after: SealedKey | undefined
      while (!signal.aborted) {
        const batch = await store.sealed.withKeys(name, oldKeyIds, after, batchRows ?? defaultBatchRows)
        const last = batch.at(-1)
        if (last === undefined) return
        const resealed = batch.flatMap(({ key, sealed }) => resealedOf(name, key, sealed))
        done += await store.sealed.replace(name, resealed)
        onProgress({ table: sealedColumns[name].table, done, left: Math.max(0, before - done) })
        after = last.key
      }
    }

    for (let round = 1; round <= rounds && !signal.aborted; round++) {
      for (const name of Object.keys(sealedColumns)) await rotateColumn(name as SealedName)
      if (total((await left()).filter(canBeDone)) <= damaged.size) break
      await sleep(betweenRoundsMs, undefined, { signal }).catch(() => undefined)
    }
    return { resealed: done, left: await left(), damaged: [...damaged], stopped: signal.aborted }
  }

  return {
    /** How many values of each column each key sealed; an empty key id stands for what is no sealed value. */
    counts: (): Promise<readonly SealedCount[]> => store.sealed.counts(),
    rotate,
  }
}
