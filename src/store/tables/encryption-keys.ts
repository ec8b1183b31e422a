import type { Queryable } from '../database.ts'

/** Any fixed number: one change of the keys at a time over all processes on this database. */
const keysLock = 7_264_006

/** One sealed, known text per key that ever sealed something here. */
export const encryptionKeyTable = (db: Queryable) => ({
  all: () =>
    db.query<{ keyId: string; canary: Buffer }>({
      text: 'select key_id as "keyId", canary from encryption_keys order by key_id',
      values: [],
    }),
  add: (keyId: string, canary: Buffer) =>
    db.query({
      text: 'insert into encryption_keys (key_id, canary) values ($1, $2) on conflict do nothing',
      values: [keyId, canary],
    }),
  remove: (keyId: string) =>
    db.query({ text: 'delete from encryption_keys where key_id = $1', values: [keyId] }),
  /** Waits until nobody else changes the keys; given back at the end of the transaction. */
  lock: () => db.query({ text: 'select pg_advisory_xact_lock($1)', values: [keysLock] }),
})
