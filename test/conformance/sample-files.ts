import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

/** SAP Concur's example payloads: data of third parties, beside the project, never in it. */
const above = join(import.meta.dirname, '..', '..')
/** Built tests lie one folder deeper. */
export const root = above.endsWith('dist') ? dirname(above) : above
const folder = join(root, '..', 'shared', 'concur-samples')
export const hasSamples = existsSync(folder)
if (!hasSamples) process.stdout.write("skipped: SAP Concur's example payloads are not beside the project\n")

/** Folders of what stands around an expense report and an invoice. */
const ofThese = /^(?:common|expense|hist-expense|image|invoice|profile|receipts|spend-documents)-/

/** Kinds by file, as the index of the samples tells them. */
const kinds = (): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  let at = ''
  for (const line of readFileSync(join(folder, 'INDEX.md'), 'utf8').split('\n')) {
    if (line.startsWith('## ')) at = line.slice(3).trim()
    const [, file, kind] = /^(\S+\.(?:json|xml)) \| (\w+)/.exec(line) ?? []
    if (file !== undefined && kind !== undefined) found.set(`${at}/${file}`, kind)
  }
  return found
}

/** Every sample of these resources that is no request. */
export const sampleFiles = (): readonly string[] => {
  const known = kinds()
  return readdirSync(folder)
    .filter((name) => ofThese.test(name))
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((file) => known.get(file) !== 'request')
    .sort()
}

export const readSample = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json

const idNames = ['id', 'ID'] as const

/** The id of a sample's row. */
export const idIn = (row: Json | undefined): string => {
  const name = isJsonObject(row) ? idNames.find((each) => row[each] !== undefined) : undefined
  return name === undefined ? 'none' : String((row as JsonObject)[name])
}

export interface Leaf {
  /** Names from the row on, with dots; places in lists do not count. */
  readonly path: string
  readonly value: Json
}

/** Every value of a row that is no object and no list. */
export const leavesOf = (value: Json, path = ''): readonly Leaf[] => {
  if (Array.isArray(value)) return value.flatMap((each: Json) => leavesOf(each, path))
  if (!isJsonObject(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, path === '' ? name : `${path}.${name}`),
  )
}
