import { badInput, type Content, type Resource } from '#src/element/index.ts'
import { entryOf, putFile } from '../dav.ts'
import { addressOf, checkedPath, idOf, nameOf, pathOf, within } from '../names.ts'
import { file, overwriteIn, retrieve } from './entries.ts'

/** The contents of files. */

/** What this server takes at once; a WebDAV server may take less, and says so. */
const mostBytes = 1024 * 1024 * 1024

const anyType = ['*/*'] as const

export const content: Content = {
  title: 'The content of a file',
  types: anyType,
  mostBytes,
  read: {
    kind: 'coded',
    method: 'GET',
    path: '/{path}',
    why: 'GET of a folder gives whatever the server likes (RFC 4918 9.4), so it is looked at first what is there.',
    run: async (port, { id }) => {
      const { path } = await entryOf(port, pathOf(id), 'file')
      return { request: { method: 'GET', path: addressOf(path) }, fileName: nameOf(path) }
    },
  },
}

/** A file that is written. */
export const upload: Resource = {
  ...file,
  name: 'upload',
  title: 'A file that is written',
  address: [
    { name: 'path', description: 'Where the file shall be, with its name.', neededBy: ['create'] },
    ...(file.address ?? []),
  ],
  verbs: { retrieve },
  upload: {
    title: 'a file of any type',
    types: anyType,
    mostBytes,
    mayBeEmpty: true,
    call: {
      kind: 'coded',
      method: 'PUT',
      path: '/{path}',
      why: 'Folders above that are missing are made too, and the id is made of the path.',
      run: async (port, { given, file: sent }) => {
        const asked = given['path'] ?? ''
        if (asked === '')
          throw badInput('path: say where the file shall be, with its name, as query parameter.')
        const path = checkedPath(asked, 'path')
        if (asked.endsWith('/') || path === '/')
          throw badInput(`path: it ends with the name of the file, such as ${within(path, 'a.txt')}.`)
        await putFile(port, path, overwriteIn(given, false), { file: sent })
        return idOf(path)
      },
    },
  },
}

/** Where people find a file. */
export const links: Resource = {
  ...file,
  name: 'links',
  title: 'The address of a file at the server',
  fields: {
    id: { type: 'text', access: 'read', description: 'The id of the file.' },
    providerLink: {
      type: 'text',
      access: 'read',
      description: 'Its address at the server, which asks for a login.',
    },
  },
  verbs: {
    retrieve: {
      kind: 'coded',
      method: 'PROPFIND',
      path: '/{path}',
      why: 'The address is made of the base URL, where there is such a file.',
      run: async (port, { id }) => {
        const { path } = await entryOf(port, pathOf(id), 'file')
        return { id, providerLink: `${await port.baseUrl()}${addressOf(path)}` }
      },
    },
  },
}
