// Files in a bucket of Amazon S3, or of a store that speaks it. Knows requests and their signatures, no sockets.
import { randomUUID } from 'node:crypto'
import { checkName } from '../file-name.ts'
import type { FileStore } from '../file-store.ts'
import { createCalls, type S3Send } from './calls.ts'
import { notUsable, refused } from './failure.ts'
import { objectsBelow, uploadsBelow } from './listing.ts'
import type { S3Place } from './place.ts'
import { abortUpload, createPut } from './put.ts'
import { readObject } from './read.ts'

export type { S3Send } from './calls.ts'
export { originOf, type S3Place, shownPlace } from './place.ts'

/** Tells one place from another, for all processes that use it; beside the folder of jobs. */
const idName = 'files.id'
/** Of requests that remove. */
const atOnce = 8

/** Removes what comes, some at a time. */
const removeAll = async <Item>(
  items: AsyncIterable<Item>,
  remove: (item: Item) => Promise<unknown>,
): Promise<void> => {
  let some: Promise<unknown>[] = []
  for await (const item of items) {
    some.push(remove(item))
    if (some.length < atOnce) continue
    await Promise.all(some)
    some = []
  }
  await Promise.all(some)
}

/** What a store in S3 can do besides. */
export interface S3Files extends FileStore {
  /**
   * Tries what the store is needed for.
   * @returns what tells this place from others. @throws StartError naming the variable that is wrong, and the fix.
   */
  readonly open: () => Promise<string>
}

/** Files below a prefix of a bucket. Failures are AppErrors `store-unavailable`: they may pass. */
export const createS3Files = (place: S3Place, send: S3Send): S3Files => {
  const ask = createCalls(place, send)
  const putObject = createPut(ask)
  const keyOf = (name: string): string => `${place.prefix}${checkName(name)}`

  const told = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      throw refused(place, error)
    }
  }

  async function* toldAll<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* source
    } catch (error) {
      throw refused(place, error)
    }
  }

  async function* keysBelow(prefix: string): AsyncGenerator<string> {
    for await (const { keys } of objectsBelow(ask, prefix)) for (const { key } of keys) yield key
  }

  const removeKey = (key: string) => ask({ method: 'DELETE', key, takes: [404] })

  const remove = async (key: string): Promise<void> => {
    await removeKey(key)
    await removeAll(keysBelow(`${key}/`), removeKey)
    await removeAll(uploadsBelow(ask, key), async (upload) => {
      if (upload.key === key || upload.key.startsWith(`${key}/`)) await abortUpload(ask, upload)
    })
  }

  /** When a file below it was stored last, those half-way among them: else nothing would ever be swept of a job cut off. */
  const lastBelow = async (prefix: string): Promise<Date | undefined> => {
    let last: Date | undefined
    const note = ({ at }: { readonly at: Date }): void => {
      if (last === undefined || at > last) last = at
    }
    for await (const { keys } of objectsBelow(ask, prefix)) for (const one of keys) note(one)
    for await (const one of uploadsBelow(ask, prefix)) note(one)
    return last
  }

  const stat: FileStore['stat'] = async (name) => {
    const { status, headers } = await ask({ method: 'HEAD', key: keyOf(name), takes: [404] })
    if (status === 200)
      return { bytes: Number(headers['content-length']), at: new Date(headers['last-modified'] ?? 0) }
    const at = await lastBelow(`${keyOf(name)}/`)
    return at === undefined ? undefined : { bytes: 0, at }
  }

  const list = async (folder: string): Promise<readonly string[]> => {
    const prefix = `${keyOf(folder)}/`
    const found = new Set<string>()
    const add = (key: string): void => {
      found.add(key.slice(prefix.length).split('/', 1)[0] ?? '')
    }
    for await (const { keys, folders } of objectsBelow(ask, prefix, '/')) {
      for (const { key } of keys) add(key)
      for (const one of folders) add(one)
    }
    for await (const { key } of uploadsBelow(ask, prefix)) add(key)
    return [...found]
  }

  const readId = async (): Promise<string | undefined> => {
    const { status, body } = await ask({ method: 'GET', key: keyOf(idName), takes: [404] })
    return status === 200 ? body.toString('utf8').trim() : undefined
  }

  /** Of several processes that begin at once one writes, where the store can tell. */
  const writeId = async (): Promise<void> => {
    const body = Buffer.from(`${randomUUID()}\n`)
    const call = { method: 'PUT', key: keyOf(idName), body } as const
    const { status } = await ask({ ...call, headers: { 'if-none-match': '*' }, takes: [409, 412, 501] })
    if (status === 501) await ask(call)
  }

  const open = async (): Promise<string> => {
    // First what answers with words: a HEAD tells nothing but a status.
    for await (const _page of objectsBelow(ask, `${keyOf('bulk')}/`, '/')) break
    let id = await readId()
    if (id === undefined) {
      await writeId()
      id = await readId()
    }
    await removeKey(keyOf('removed'))
    if (id === undefined) throw new Error('S3 does not give back what was stored')
    return id
  }

  return {
    put: (name, source) => told(() => putObject(keyOf(name), source)),
    read: (name, from) => toldAll(readObject(ask, keyOf(name), from)),
    stat: (name) => told(() => stat(name)),
    remove: (name) => told(() => remove(keyOf(name))),
    list: (folder) => told(() => list(folder)),
    open: async () => {
      try {
        return await open()
      } catch (error) {
        throw notUsable(place, error)
      }
    },
  }
}
