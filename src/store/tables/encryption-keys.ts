import type { Queryable } from '../database.ts'

/** One sealed, known text per key that ever sealed something here. */
export const encryptionKeyTable = (db: Queryable) => ({
  all: () =>
    db.query<{ keyId: string; canary: Buffer }>({
      text: 'select key_id as "keyId", canary from encryption_keys',
      values: [],
    }),
  add: (keyId: string, canary: Buffer) =>
    db.query({
      text: 'insert into encryption_keys (key_id, canary) values ($1, $2) on conflict do nothing',
      values: [keyId, canary],
    }),
})
