import { randomBytes } from 'node:crypto'
import { type Database, sealedColumns } from '#src/store/index.ts'

/** A new key of that name, as ENCRYPTION_KEYS wants it. */
export const keyText = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`

/** Sealed columns that every instance and job fills. */
export const sealedPlaces = [
  ['organizations', 'secret_sealed'],
  ['users', 'secret_sealed'],
  ['instances', 'secrets_sealed'],
  ['instances', 'token_sealed'],
  ['grants', 'sealed'],
  ['calls', 'request_sealed'],
  ['calls', 'body_sealed'],
] as const

/** The ids of the keys in use, straight from the bytes: of sealed values the third and on. */
export const keyIdsIn = async (db: Database): Promise<readonly string[]> => {
  const ids = new Set<string>()
  for (const { table, column } of Object.values(sealedColumns)) {
    const rows = await db.query<{ value: Buffer }>({
      text: `select ${column} as value from ${table} where ${column} is not null`,
      values: [],
    })
    for (const { value } of rows) ids.add(value.toString('latin1', 2, 2 + (value[1] ?? 0)))
  }
  return [...ids].sort()
}
