import type { GrantKey, Store } from '#src/store/index.ts'

const flushAfterMs = 5_000
/** Beyond this a flush is due at once. */
const most = 1_000

/**
 * Collects which grants are in use, and stores many at once: one statement each few seconds, and for each grant
 * one note between two renewals.
 */
export const createUses = (store: Pick<Store, 'grants'>) => {
  const waiting = new Map<string, GrantKey>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<unknown> = Promise.resolve()

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const keys = [...waiting.values()]
    waiting.clear()
    if (keys.length > 0) writing = store.grants.noteUse(keys).catch(() => undefined)
    await writing
  }

  return {
    add: (key: GrantKey): void => {
      waiting.set(`${key.instanceId}/${key.principal}`, key)
      if (waiting.size >= most) void flush()
      else timer ??= setTimeout(() => void flush(), flushAfterMs).unref()
    },
    /** Stores what waits. A note that is lost costs one renewal that comes a little late. */
    flush,
  }
}

export type Uses = ReturnType<typeof createUses>
