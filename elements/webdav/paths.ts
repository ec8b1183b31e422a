import type { HubPath } from '#src/element/index.ts'
import { content, links, upload } from './resources/bytes.ts'
import { contents, copy, file, folder, move, search } from './resources/entries.ts'

/**
 * The paths of Cloud Elements' documents hub (spec/contract.md 3, spec/behaviour.md 13): everything by path, as a query
 * parameter, and by id.
 */

const noRevisions = {
  kind: 'absent',
  title: 'Revisions of a file',
  why: 'This server keeps no revisions: RFC 4918 has none, and those of RFC 3253 are not used here.',
} as const

/** By `?path=` and by id. */
const twins = (
  kind: 'files' | 'folders',
  rest: string,
  methods: (id: string) => HubPath['methods'],
): HubPath[] => [
  { path: `/${kind}${rest}`, methods: methods('path') },
  { path: `/${kind}/{id}${rest}`, methods: methods('id') },
]

const about = { files: file, folders: folder } as const

/** What files and folders have in common. */
const common = (kind: 'files' | 'folders'): HubPath[] => [
  ...twins(kind, '/metadata', (id) => ({
    GET: { kind: 'verb', resource: about[kind], verb: 'retrieve', id },
    PATCH: { kind: 'act', resource: about[kind], action: move, id },
  })),
  ...twins(kind, '/copy', (id) => ({ POST: { kind: 'act', resource: about[kind], action: copy, id } })),
]

export const paths: readonly HubPath[] = [
  {
    path: '/files',
    methods: {
      GET: { kind: 'read-file', resource: file, content, id: 'path' },
      POST: { kind: 'upload', resource: upload },
      DELETE: { kind: 'verb', resource: file, verb: 'remove', id: 'path' },
    },
  },
  {
    path: '/files/{id}',
    methods: {
      GET: { kind: 'read-file', resource: file, content, id: 'id' },
      DELETE: { kind: 'verb', resource: file, verb: 'remove', id: 'id' },
    },
  },
  ...twins('files', '/links', (id) => ({ GET: { kind: 'verb', resource: links, verb: 'retrieve', id } })),
  ...twins('files', '/revisions', () => ({ GET: noRevisions })),
  { path: '/files/{id}/revisions/{revisionId}', methods: { GET: noRevisions } },
  ...common('files'),
  {
    path: '/folders',
    methods: {
      POST: { kind: 'verb', resource: folder, verb: 'create', title: 'Make a folder' },
      DELETE: { kind: 'verb', resource: folder, verb: 'remove', id: 'path' },
    },
  },
  {
    path: '/folders/{id}',
    methods: { DELETE: { kind: 'verb', resource: folder, verb: 'remove', id: 'id' } },
  },
  {
    path: '/folders/contents',
    methods: { GET: { kind: 'verb', resource: contents, verb: 'search', names: { inFolder: 'path' } } },
  },
  {
    path: '/folders/{id}/contents',
    methods: { GET: { kind: 'verb', resource: contents, verb: 'search', names: { inFolder: 'id' } } },
  },
  ...common('folders'),
  {
    path: '/search',
    methods: { GET: { kind: 'verb', resource: search, verb: 'search', names: { inFolder: 'path' } } },
  },
]
