import {
  isRecord,
  type Json,
  type JsonObject,
  notFound,
  type PortReply,
  type PortRequest,
  type VendorPort,
  vendorFailed,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { addressOf, folderOf, idOf, nameOf } from './names.ts'

/** What a server has at an address (RFC 4918 15). */
export interface Entry {
  readonly path: string
  readonly directory: boolean
  readonly row: JsonObject
}

const dav = (name: string): string => `{DAV:}${name}`

/** All that a row shows, so that no server has to send more. */
const body = `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>${[
  'resourcetype',
  'getcontentlength',
  'getcontenttype',
  'getlastmodified',
  'creationdate',
  'getetag',
]
  .map((name) => `<${name}/>`)
  .join('')}</prop></propfind>`

const listIn = (from: Json | undefined, name: string): readonly Json[] => {
  const found = isRecord(from) ? from[dav(name)] : undefined
  return Array.isArray(found) ? (found as readonly Json[]) : []
}

const textIn = (from: Json | undefined, name: string): string | undefined => {
  const [text] = listIn(from, name)
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined
}

/** The properties that the server has (RFC 4918 9.1: others come with a status of their own). */
const propertiesIn = (response: Json): Json | undefined => {
  const good = listIn(response, 'propstat').find((one) => / 2\d\d\b/.test(textIn(one, 'status') ?? ''))
  return listIn(good, 'prop')[0]
}

/** Dates of RFC 9110 5.6.7 or RFC 3339, as the second; undefined where there is none, or nonsense. */
const dateIn = (from: Json | undefined, name: string): string | undefined => {
  const time = Date.parse(textIn(from, name) ?? '')
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw vendorFailed('A server of WebDAV named an address that is not encoded as one.', text.slice(0, 200))
  }
}

/** A server writes whole URLs or paths alone (RFC 4918 8.3); the base URL's own path goes before. */
const pathIn = (href: string, base: URL): string => {
  const { pathname } = new URL(href, base)
  const [from, at] = [decoded(base.pathname).replace(/\/+$/, ''), decoded(pathname)]
  if (at !== from && !at.startsWith(`${from}/`))
    throw vendorFailed(
      'A server of WebDAV named an address outside of what was asked for.',
      href.slice(0, 200),
    )
  const path = at.slice(from.length).replace(/\/+$/, '')
  return path === '' ? '/' : path
}

const entryIn = (response: Json, base: URL): Entry | undefined => {
  const href = textIn(response, 'href')
  const found = propertiesIn(response)
  if (href === undefined || found === undefined) return undefined
  const path = pathIn(href, base)
  const directory = listIn(listIn(found, 'resourcetype')[0], 'collection').length > 0
  const size = Number(textIn(found, 'getcontentlength'))
  const told = {
    size: directory || Number.isNaN(size) ? undefined : size,
    mimeType: directory ? undefined : textIn(found, 'getcontenttype'),
    createdDate: dateIn(found, 'creationdate'),
    modifiedDate: dateIn(found, 'getlastmodified'),
    etag: textIn(found, 'getetag'),
  }
  const known = Object.entries(told).filter(
    (pair): pair is [string, string | number] => pair[1] !== undefined,
  )
  const row = { id: idOf(path), path, name: nameOf(path), directory, tags: [], ...Object.fromEntries(known) }
  return { path, directory, row }
}

/** The vendor's status behind a refusal. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof AppError ? error.details.providerStatus : undefined

const propfind = async (port: VendorPort, path: string, depth: '0' | '1'): Promise<readonly Entry[]> => {
  const ask = (isFolder: boolean): Promise<PortReply> =>
    port.ask({
      method: 'PROPFIND',
      path: addressOf(path, isFolder),
      headers: { depth },
      text: { contentType: 'application/xml; charset=utf-8', text: body },
      reads: 'xml',
    })
  const reply = await ask(depth === '1').catch((error: unknown) => {
    // Some servers send a folder's address without its slash elsewhere.
    if (depth === '1' || ![301, 302, 307, 308].includes(statusOf(error) ?? 0)) throw error
    return ask(true)
  })
  const base = new URL(await port.baseUrl())
  return listIn(listIn(reply.body, 'multistatus')[0], 'response').flatMap((one) => entryIn(one, base) ?? [])
}

const nothingAt = (what: string, path: string): AppError => notFound(`No ${what} found at ${path}`)

/** What is at a path. @throws AppError `provider-not-found`. */
export const entryAt = async (port: VendorPort, path: string): Promise<Entry> => {
  const [entry] = await propfind(port, path, '0').catch((error: unknown) => {
    throw statusOf(error) === 404 ? nothingAt('file or folder', path) : error
  })
  if (entry === undefined) throw nothingAt('file or folder', path)
  return entry
}

/** A file, or a folder, at a path. @throws AppError `provider-not-found` where there is none, or the other. */
export const entryOf = async (port: VendorPort, path: string, kind: 'file' | 'folder'): Promise<Entry> => {
  const entry = await entryAt(port, path)
  if (entry.directory === (kind === 'folder')) return entry
  throw notFound(`No ${kind} found at ${path}: it is a ${entry.directory ? 'folder' : 'file'}.`)
}

const byPath = (one: Entry, two: Entry): number => (one.path < two.path ? -1 : 1)

const isFile = (port: VendorPort, path: string): Promise<boolean> =>
  propfind(port, path, '0').then(
    ([entry]) => entry?.directory === false,
    () => false,
  )

/** What is in a folder, sorted by path. @throws AppError `provider-not-found`. */
export const entriesIn = async (port: VendorPort, path: string): Promise<readonly Entry[]> => {
  const entries = await propfind(port, path, '1').catch(async (error: unknown) => {
    // Some servers find a file with a slash behind it, others refuse it.
    if (statusOf(error) === 404 || (await isFile(port, path))) throw nothingAt('folder', path)
    throw error
  })
  const own = entries.find((entry) => entry.path === path)
  if (own?.directory === false) throw nothingAt('folder', path)
  return entries.filter((entry) => entry !== own).sort(byPath)
}

/** Replies to writes hold a page for people, nothing, or what was left behind (RFC 4918 13). */
const written = { reads: 'xml', accepts: 'any' } as const

/** @returns whether it was made; false: it was there. */
const makeFolder = async (port: VendorPort, path: string): Promise<boolean> => {
  try {
    await port.ask({ method: 'MKCOL', path: addressOf(path, true), ...written })
    return true
  } catch (error) {
    // RFC 4918 9.3.1: there is something already.
    if (statusOf(error) === 405) return false
    throw error
  }
}

const foldersAbove = (path: string): readonly string[] =>
  path === '/' || folderOf(path) === '/' ? [] : [...foldersAbove(folderOf(path)), folderOf(path)]

/** Makes the folders that a path lies in. @returns whether one was missing. */
const makeFoldersAbove = async (port: VendorPort, path: string): Promise<boolean> => {
  let made = false
  for (const folder of foldersAbove(path)) made = (await makeFolder(port, folder)) || made
  return made
}

/**
 * Sends what makes something at a path, and makes the folders above where they are missing: RFC 4918 answers 409 then
 * (9.3.1, 9.7.1), some servers 404.
 */
const sendInto = async (port: VendorPort, path: string, request: PortRequest): Promise<PortReply> => {
  try {
    return await port.ask(request)
  } catch (error) {
    const status = statusOf(error)
    if ((status !== 409 && status !== 404) || !(await makeFoldersAbove(port, path))) throw error
    return port.ask(request)
  }
}

/** @throws AppError `provider-conflict` where there is something already. */
export const makeFolderAt = async (port: VendorPort, path: string): Promise<void> => {
  const there = (): AppError =>
    new AppError('provider-conflict', `path: there is a file or folder at ${path} already.`, {
      hop: 'provider',
    })
  if (path === '/') throw there()
  await sendInto(port, path, { method: 'MKCOL', path: addressOf(path, true), ...written }).catch(
    (error: unknown) => {
      throw statusOf(error) === 405 ? there() : error
    },
  )
}

/** Writes a file; `request` holds its body. @throws AppError `provider-conflict` where it is there and may not be replaced. */
export const putFile = async (
  port: VendorPort,
  path: string,
  overwrite: boolean,
  request: Pick<PortRequest, 'file'>,
): Promise<void> => {
  await sendInto(port, path, {
    method: 'PUT',
    path: addressOf(path),
    ...request,
    ...written,
    // RFC 9110 13.1.2: only where nothing is there; a repetition would find what the first attempt wrote.
    ...(overwrite ? {} : { headers: { 'if-none-match': '*' }, repeatable: false }),
  })
}

/** RFC 4918 9.6.1, 9.8.4, 9.9.3: a part of a folder was left behind. */
const checkWhole = ({ status, body: told }: PortReply, what: string): void => {
  if (status !== 207) return
  const [first] = listIn(listIn(told, 'multistatus')[0], 'response')
  throw vendorFailed(
    `The folder was ${what} in part only: ${textIn(first, 'href') ?? 'something in it'} was refused (${textIn(first, 'status') ?? 'no status'}). Look before you send it again.`,
  )
}

export const removeEntry = async (port: VendorPort, { path, directory }: Entry): Promise<void> => {
  const reply = await port.ask({ method: 'DELETE', path: addressOf(path, directory), ...written })
  checkWhole(reply, 'removed')
}

/** Makes the folders above where they are missing, before what some servers fail at halfway without them. */
const needFolderOf = async (port: VendorPort, path: string): Promise<void> => {
  const folder = folderOf(path)
  if (folder === '/') return
  await propfind(port, folder, '0').catch((error: unknown) => {
    if (statusOf(error) !== 404) throw error
    return makeFoldersAbove(port, path)
  })
}

/** Copies or moves something. @throws AppError `provider-conflict` where something is there and may not be replaced. */
export const transfer = async (
  port: VendorPort,
  method: 'COPY' | 'MOVE',
  { path, directory }: Entry,
  to: string,
  overwrite: boolean,
): Promise<void> => {
  const destination = `${await port.baseUrl()}${addressOf(to, directory)}`
  if (folderOf(to) !== folderOf(path)) await needFolderOf(port, to)
  const reply = await port.ask({
    method,
    path: addressOf(path, directory),
    headers: { destination, overwrite: overwrite ? 'T' : 'F' },
    ...written,
  })
  checkWhole(reply, method === 'COPY' ? 'copied' : 'moved')
}
