import type { Json, JsonObject } from '#src/element/index.ts'
import { rowsIn } from '../lookups.ts'
import { object } from './fields.ts'

/**
 * What the invoice APIs of v3 share: everything is text, and records are written in collections whose reply is 200
 * whatever becomes of them. Source: SAP Concur, Payment Request v3 and Vendors v3.1 (spec/concur.md 3.6), compared
 * 2026-08.
 */

/** Who may call Vendors v3.1: either grant, with one scope. */
export const vendorCall = { principals: ['user', 'company'], scopes: ['INVVEN'] } as const

const asText = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(asText)
  if (value !== null && typeof value === 'object') return asTexts(value as JsonObject)
  return value === null || typeof value === 'string' ? value : String(value)
}

/** A record with its numbers and booleans as text, at any depth. */
export const asTexts = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, asText(value)]))

/** The records of a reply, whatever it calls the collection. */
export const recordsOf = (body: Json | undefined, name: string): readonly JsonObject[] => {
  const named = rowsIn(body, name)
  return named.length > 0 ? named : rowsIn(body, 'Items')
}

export const statusList = object(
  'read',
  'Array: what became of the record in a write, each {Code, Message, RecordNumber, Type}.',
)
