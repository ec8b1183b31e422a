import { firstTables } from './0001-first.ts'

/** Every migration, in order. An applied one is never edited: a change is a new one. */
export const migrations = [firstTables] as const
