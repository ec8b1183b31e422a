import { badInput, notFound } from '#src/element/index.ts'

/**
 * Paths and ids. WebDAV (RFC 4918) knows addresses alone, so an id is made of the path: its UTF-8 as base64url
 * (RFC 4648 5). A path begins with a slash, ends with none, and is not encoded; the root is `/`.
 */

/** @throws AppError `bad-request` naming the parameter and what a path is. */
export const checkedPath = (value: string, parameter: string): string => {
  const segments = value.split('/').filter((segment) => segment !== '')
  if (!value.startsWith('/')) throw badInput(`${parameter}: begin it with a slash, /${value.slice(0, 100)}.`)
  if (segments.some((segment) => segment === '.' || segment === '..'))
    throw badInput(`${parameter}: say the path without . and .. in it.`)
  return `/${segments.join('/')}`
}

export const idOf = (path: string): string => Buffer.from(path, 'utf8').toString('base64url')

/** The path of an id. @throws AppError `provider-not-found` for what was never an id. */
export const pathOf = (id: string): string => {
  const path = Buffer.from(id, 'base64url').toString('utf8')
  if (path.startsWith('/') && idOf(path) === id) return path
  throw notFound(`No file or folder found with id ${id.slice(0, 200)}`)
}

/** What callers may give as an id: an id, or the path itself. */
export const idFrom = (value: string): string =>
  value.startsWith('/') ? idOf(checkedPath(value, 'path')) : value

/** Below the base URL; of a folder with its slash at the end, as servers write it (RFC 4918 5.2). */
export const addressOf = (path: string, isFolder = false): string => {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return isFolder && !encoded.endsWith('/') ? `${encoded}/` : encoded
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The folder that something is in; of the root itself the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))

/** Something of that name in a folder. */
export const within = (folder: string, name: string): string =>
  folder === '/' ? `/${name}` : `${folder}/${name}`
