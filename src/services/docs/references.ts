import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Schemas } from './schemas.ts'

/** Replaces every reference by its schema. Schemas refer to nothing themselves, so one pass is enough. */
export const inlineReferences = <Value extends Json>(
  value: Value,
  prefix: string,
  schemas: Schemas,
): Value => {
  const inline = (part: Json): Json => {
    if (Array.isArray(part)) return (part as readonly Json[]).map(inline)
    if (!isJsonObject(part)) return part
    const { $ref } = part
    if (typeof $ref === 'string' && $ref.startsWith(prefix)) return schemas[$ref.slice(prefix.length)] ?? part
    return Object.fromEntries(Object.entries(part).map(([name, child]) => [name, inline(child)]))
  }
  return inline(value) as Value
}

/** Statuses that any call may answer, in words (spec/contract.md 1.4). */
export const failures: Readonly<Record<string, string>> = {
  '400': 'A parameter or the body is wrong; the message names it.',
  '401': 'A secret or the Element token is wrong, or the connection has ended.',
  '403': 'The instance is disabled, or the vendor denies it.',
  '404': 'There is no such thing.',
  '429': 'The vendor asks to wait.',
  '502': 'The vendor failed.',
}

export const replyHeaders: Readonly<Record<string, string>> = {
  'Elements-Returned-Count': 'Rows in this reply.',
  'Elements-Next-Page-Token': 'What to send as nextPage; absent on the last page.',
  'Elements-Total-Count': 'Rows in all, when returnCount=true was sent.',
}

/** Groups calls by path and verb, in the order given. */
export const pathsOf = <Item extends { readonly path: string; readonly method: string }>(
  operations: readonly Item[],
  write: (operation: Item) => JsonObject,
): JsonObject => {
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const operation of operations) {
    const path = paths[operation.path] ?? {}
    path[operation.method.toLowerCase()] = write(operation)
    paths[operation.path] = path
  }
  return paths
}
