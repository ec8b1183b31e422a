import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JsonObject } from '#src/lib/json.ts'
import { identityFile, publishedFiles } from '../../sandbox/concur/test-files.ts'
import { corrections } from './corrections.ts'

/** SAP Concur's published specifications: data of third parties, beside the project, never in it. */
const above = join(import.meta.dirname, '..', '..')
/** Built tests lie one folder deeper. */
const root = above.endsWith('dist') ? dirname(above) : above
const folder = join(root, '..', 'shared', 'concur-openapi')

export const hasPublished = existsSync(folder)

/** What nobody could check is said, not passed over. */
export const tellMissing = (): void => {
  if (!hasPublished)
    process.stdout.write("skipped: SAP Concur's published specifications are not beside the project\n")
}

/** One operation of a file. */
export interface PublishedOperation {
  readonly file: string
  /** As callers send it, with the names in braces. */
  readonly path: string
  readonly method: string
  readonly about: JsonObject
  readonly document: JsonObject
}

const object = (value: unknown): Record<string, JsonObject> => value as Record<string, JsonObject>

/** Lays a correction over a document. @throws Error where the document has no such place. */
const correct = (document: JsonObject, at: readonly string[], value: unknown): void => {
  let place: unknown = document
  for (const step of at.slice(0, -1)) place = object(place)[step]
  const last = at.at(-1) ?? ''
  if (typeof place !== 'object' || place === null) throw new Error(`no ${at.join(' > ')} to correct`)
  if (Array.isArray(place) && last === '-') place.push(value)
  else if (value === undefined) delete object(place)[last]
  else object(place)[last] = value as JsonObject
}

const load = (file: string): JsonObject => {
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject
  for (const correction of corrections.filter((each) => each.file === file))
    correct(document, correction.at, correction.value)
  return document
}

const methods: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete'])

/** Every operation of the files that stand for addresses which the element calls, corrected. */
export const publishedOperations = (): readonly PublishedOperation[] =>
  [...publishedFiles, identityFile].flatMap(([file, prefix]) => {
    const document = load(file)
    return Object.entries(object(document['paths'])).flatMap(([path, verbs]) =>
      Object.entries(object(verbs))
        .filter(([method]) => methods.has(method))
        .map(([method, about]) => ({
          ...{ file, path: `${prefix}${path}`, method: method.toUpperCase() },
          ...{ about, document },
        })),
    )
  })
