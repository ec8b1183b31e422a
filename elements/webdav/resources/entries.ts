import {
  type Action,
  badInput,
  type Coded,
  type Field,
  type Given,
  type Resource,
} from '#src/element/index.ts'
import { entriesIn, entryAt, entryOf, makeFolderAt, removeEntry, transfer } from '../dav.ts'
import { checkedPath, folderOf, idFrom, idOf, nameOf, pathOf, within } from '../names.ts'
import { walkBelow } from '../walk.ts'

/** Files and folders as rows of the documents hub (spec/behaviour.md 13), read by PROPFIND (RFC 4918 9.1). */

const fields: Readonly<Record<string, Field>> = {
  id: {
    type: 'text',
    access: 'read',
    description: 'The path in base64url; it changes when the file is moved.',
  },
  path: { type: 'text', access: 'once', description: 'Where it is, from the root on, with its name.' },
  name: { type: 'text', access: 'read', description: 'The last part of the path.' },
  size: { type: 'number', access: 'read', description: 'Bytes of a file; a folder has none.' },
  directory: { type: 'boolean', access: 'read', description: 'Whether it is a folder.' },
  tags: { type: 'object', access: 'read', description: 'Always empty: WebDAV has no tags.' },
  mimeType: { type: 'text', access: 'read', description: 'The media type that the server tells.' },
  createdDate: { type: 'datetime', access: 'read', description: 'When it was made, where the server knows.' },
  modifiedDate: { type: 'datetime', access: 'read', description: 'When its content was last written.' },
  etag: { type: 'text', access: 'read', description: 'Changes with the content (RFC 9110 8.8.3).' },
}

const basis = {
  key: 'id',
  fields,
  keepUnknown: false,
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
  translate: { id: (_port, value) => idFrom(value) },
  source: 'https://www.rfc-editor.org/rfc/rfc4918',
} as const satisfies Partial<Resource>

const propfind = { kind: 'coded', method: 'PROPFIND', path: '/{path}' } as const

/** What `overwrite` says; nothing: `usual`. @throws AppError `bad-request`. */
export const overwriteIn = ({ overwrite = '' }: Given, usual: boolean): boolean => {
  const word = overwrite.toLowerCase()
  if (word === '') return usual
  if (word === 'true' || word === 'false') return word === 'true'
  throw badInput(`overwrite: true or false, not '${overwrite.slice(0, 32)}'.`)
}

const overwrite = {
  name: 'overwrite',
  description: 'Whether what is there already is replaced; false when absent, and answered 409.',
} as const

export const retrieve: NonNullable<Resource['verbs']['retrieve']> = {
  ...propfind,
  why: 'The one row is in a reply of XML that lists several (RFC 4918 14.16).',
  run: async (port, { id }) => (await entryAt(port, pathOf(id))).row,
}

const removal = (kind: 'file' | 'folder'): NonNullable<Resource['verbs']['remove']> => ({
  kind: 'coded',
  method: 'DELETE',
  path: '/{path}',
  why: `DELETE removes whatever is there (RFC 4918 9.6), so it is looked at first whether it is a ${kind}.`,
  run: async (port, { id }) => {
    const path = pathOf(id)
    if (path === '/') throw badInput('path: the root itself cannot be removed.')
    await removeEntry(port, await entryOf(port, path, kind))
  },
})

type ActionRun = Extract<Action['call'], Coded<unknown>>['run']

/** Where a body wants something to be: the whole path, or another name in its folder. */
const targetIn = (body: Parameters<ActionRun>[1]['body'], path: string): string => {
  const { path: asked, name } = body
  const to = typeof asked === 'string' ? checkedPath(asked, 'body.path') : path
  if (typeof name !== 'string' || name === nameOf(to)) return to
  if (name.includes('/') || name === '.' || name === '..')
    throw badInput('body.name: a name without slashes.')
  // A new path and a name: the path says where, the name how it is called there.
  return within(folderOf(to), name)
}

const transferring =
  (method: 'COPY' | 'MOVE'): ActionRun =>
  async (port, { id, body, given }) => {
    const from = pathOf(id)
    const to = targetIn(body, from)
    const entry = await entryAt(port, from)
    if (to === from) {
      if (method === 'MOVE') return entry.row
      throw badInput('body.path: it is there already; name another path.')
    }
    if (from === '/' || to === '/' || to.startsWith(`${from}/`))
      throw badInput('body.path: nothing can be put into itself or in place of the root.')
    await transfer(port, method, entry, to, overwriteIn(given, false))
    return (await entryAt(port, to)).row
  }

const destination =
  'The destination is a header made of the base URL (RFC 4918 10.3), and the row has another id there.'

export const copy: Action = {
  title: 'Copy a file, or a folder with all that is in it',
  call: { kind: 'coded', method: 'COPY', path: '/{path}', why: destination, run: transferring('COPY') },
  body: {
    path: { type: 'text', description: 'Where the copy shall be, with its name.', required: true },
  },
}

export const move: Action = {
  title: 'Change where a file or folder is, or its name',
  call: { kind: 'coded', method: 'MOVE', path: '/{path}', why: destination, run: transferring('MOVE') },
  body: {
    path: { type: 'text', description: 'Where it shall be, with its name.' },
    name: { type: 'text', description: 'What it shall be called.' },
  },
}

/** One file. */
export const file: Resource = {
  ...basis,
  name: 'file',
  title: 'A file',
  address: [overwrite],
  verbs: { retrieve, remove: removal('file') },
}

/** One folder. */
export const folder: Resource = {
  ...basis,
  name: 'folder',
  title: 'A folder',
  address: [overwrite],
  verbs: {
    retrieve,
    create: {
      kind: 'coded',
      method: 'MKCOL',
      path: '/{path}',
      why: 'Folders above that are missing are made too, and the id is made of the path.',
      run: async (port, { body }) => {
        const path = checkedPath(typeof body['path'] === 'string' ? body['path'] : '', 'body.path')
        await makeFolderAt(port, path)
        return idOf(path)
      },
    },
    remove: removal('folder'),
  },
}

/** What is in a folder. */
export const contents: Resource = {
  ...basis,
  name: 'contents',
  title: 'Files and folders in a folder',
  address: [{ name: 'inFolder', description: 'The path or id of the folder; the root when absent.' }],
  verbs: {
    search: {
      ...propfind,
      why: 'Rows are in a reply of XML, together with the folder itself (RFC 4918 9.1.4).',
      run: async (port, { filters }) => {
        const entries = await entriesIn(port, pathOf(idFrom(filters['inFolder'] ?? '/')))
        return { rows: entries.map(({ row }) => row), next: null }
      },
    },
    retrieve,
  },
}

const contains = (name: string, text: string | undefined): boolean =>
  text === undefined || name.toLowerCase().includes(text.toLowerCase())

/** Whatever is below a folder. */
export const search: Resource = {
  ...basis,
  name: 'search',
  title: 'Files and folders below a folder, by walking through it',
  address: [
    { name: 'inFolder', description: 'The path of the folder to begin in; the root when absent.' },
    { name: 'text', description: 'A part of the name, in any case of letters.' },
  ],
  page: { kind: 'coded', maxSize: 200 },
  verbs: {
    search: {
      ...propfind,
      why: 'A server lists one folder at a time (RFC 4918 9.1), and its words are not searched (RFC 5323 is rare).',
      run: (port, { filters, cursor, limit }) => {
        const from = pathOf(idFrom(filters['inFolder'] ?? '/'))
        const wants = (path: string): boolean => contains(nameOf(path), filters['text'])
        return walkBelow(port, from, cursor, limit, ({ path }) => wants(path))
      },
    },
    retrieve,
  },
}

/** Every file, for bulk downloads and events. */
export const files: Resource = {
  ...basis,
  name: 'files',
  title: 'Files',
  page: { kind: 'coded', maxSize: 200 },
  fields: { ...fields, path: { type: 'text', access: 'read', description: 'Where it is, with its name.' } },
  verbs: {
    search: {
      ...propfind,
      why: 'A server lists one folder at a time (RFC 4918 9.1).',
      run: (port, { cursor, limit }) => walkBelow(port, '/', cursor, limit, ({ directory }) => !directory),
    },
    retrieve,
  },
  changes: { kind: 'listing', deletes: true },
  polledUnasked: true,
}
