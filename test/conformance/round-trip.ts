import type { Field, Resource } from '#src/element/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Drive } from './drive.ts'

/** Bodies with every field that can be written, and what a row must show of them. */

/** A value that fits the type; a second one for a change. */
const typical = ({ type, sendMember }: Field, again: boolean): Json => {
  if (type === 'number') return again ? 8 : 7
  if (type === 'boolean') return !again
  if (type === 'datetime') return again ? '2026-04-05T00:00:00' : '2026-03-04T00:00:00'
  if (type === 'text' || sendMember !== undefined) return again ? 'y' : 'x'
  throw new Error('an object, which the drive must name')
}

const accesses = {
  create: ['once', 'write', 'write-only'],
  change: ['write', 'write-only', 'change-only'],
} as const

/** The body of a create or a change: every field that can be written there, but those that the drive leaves out. */
export const wholeBody = (resource: Resource, drive: Drive, kind: keyof typeof accesses): JsonObject => {
  const given = drive[kind] ?? {}
  const names = Object.entries(resource.fields)
    .filter(([, { access }]) => (accesses[kind] as readonly string[]).includes(access))
    .map(([name]) => name)
    .filter((name) => drive.notWritten?.[name] === undefined)
  return Object.fromEntries(
    names.map((name): [string, Json] => {
      const field = resource.fields[name]
      if (field === undefined) throw new Error(`no field ${name}`)
      try {
        return [name, given[name] ?? typical(field, kind === 'change')]
      } catch (error) {
        throw new Error(`${resource.name}.${name}: ${String(error)}`)
      }
    }),
  )
}

/** The members under which an object shows what was written as text. */
const members = ['Code', 'Value', 'code', 'value'] as const

/** Whether what a row shows is what was written; a vendor may add to it. */
const agrees = (sent: Json, shown: Json | undefined): boolean => {
  if (Array.isArray(sent)) {
    const list = Array.isArray(shown) ? shown : isJsonObject(shown) ? Object.values(shown)[0] : undefined
    return Array.isArray(list) && sent.every((each: Json, at) => agrees(each, list[at] as Json | undefined))
  }
  if (isJsonObject(sent))
    return isJsonObject(shown) && Object.entries(sent).every(([name, value]) => agrees(value, shown[name]))
  if (isJsonObject(shown)) return members.some((name) => shown[name] === sent)
  return shown === sent
}

/** Fields of a body that the row does not show as they were written. */
export const lost = (
  resource: Resource,
  drive: Drive,
  body: JsonObject,
  row: JsonObject,
): readonly string[] =>
  Object.entries(body)
    .filter(
      ([name]) => !/-only$/.test(resource.fields[name]?.access ?? '') && drive.notShown?.[name] === undefined,
    )
    .filter(([name, value]) => !agrees(drive.shown?.[name] ?? value, row[name]))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)} became ${JSON.stringify(row[name])}`)
