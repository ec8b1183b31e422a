import type { Content, Element, HubPath, Resource } from '#src/element/index.ts'
import { apples, elementOf } from './small-vendor.ts'

/** Notes of an apple: no path of their own, so objects and bulk do not know them. */
const notes: Resource = apples({
  name: 'notes',
  title: 'Notes of an apple',
  key: 'noteId',
  fields: {
    noteId: { type: 'text', access: 'read', description: 'The number of the note.' },
    words: { type: 'text', access: 'write', description: 'What it says.' },
    rank: { type: 'number', access: 'write', description: 'Which is read first.' },
  },
  address: [{ name: 'appleId', description: 'The apple.', neededBy: ['search', 'create', 'retrieve'] }],
  verbs: {
    search: { method: 'GET', path: '/apples/{appleId}/notes', rows: 'list' },
    create: {
      method: 'POST',
      path: '/apples/{appleId}/notes',
      newId: { kind: 'field', name: 'noteId' },
    },
    retrieve: { method: 'GET', path: '/apples/{appleId}/notes/{id}' },
    update: { method: 'PATCH', path: '/apples/{appleId}/notes/{id}' },
    replace: { method: 'PUT', path: '/apples/{appleId}/notes/{id}' },
    remove: { method: 'DELETE', path: '/apples/{appleId}/notes/{id}' },
  },
})

const ownApples: Resource = apples({
  verbs: {
    search: { method: 'GET', path: '/apples', rows: 'list' },
    retrieve: { method: 'GET', path: '/apples/{id}' },
    update: { method: 'PATCH', path: '/apples/{id}' },
    replace: { method: 'PUT', path: '/apples/{id}' },
  },
})

const picture: Content = {
  title: 'Picture of an apple',
  types: ['image/png'],
  mostBytes: 100,
  read: { method: 'GET', path: '/apples/{id}/picture' },
  write: { method: 'PUT', path: '/apples/{id}/picture' },
}

const gardener: Resource = apples({
  name: 'gardener',
  title: 'The gardener',
  fields: { ID: { type: 'text', access: 'read', description: 'The number.' } },
  verbs: { retrieve: { method: 'GET', path: '/gardener' } },
})

const paths: readonly HubPath[] = [
  {
    path: '/apples/{appleId}/notes',
    methods: {
      GET: { kind: 'verb', resource: notes, verb: 'search' },
      POST: { kind: 'verb', resource: notes, verb: 'create' },
    },
  },
  {
    path: '/apples/{appleId}/notes/{noteId}',
    methods: {
      GET: { kind: 'verb', resource: notes, verb: 'retrieve', id: 'noteId' },
      PATCH: { kind: 'verb', resource: notes, verb: 'update', id: 'noteId' },
      PUT: { kind: 'verb', resource: notes, verb: 'replace', id: 'noteId' },
      DELETE: { kind: 'verb', resource: notes, verb: 'remove', id: 'noteId' },
    },
  },
  {
    path: '/apples/pictures',
    methods: {
      GET: { kind: 'read-file', resource: ownApples, content: picture, id: 'apple' },
      POST: { kind: 'write-file', resource: ownApples, content: picture, id: 'apple' },
      DELETE: { kind: 'absent', title: 'Remove a picture', why: 'Orchard keeps every picture.' },
    },
  },
  {
    path: '/apples/{appleId}/wash',
    methods: {
      POST: {
        kind: 'act',
        resource: ownApples,
        id: 'appleId',
        action: {
          title: 'Wash an apple',
          call: { method: 'POST', path: '/apples/{id}/washing' },
          body: { degrees: { type: 'number', description: 'How warm.', required: true } },
        },
      },
    },
  },
  { path: '/me', methods: { GET: { kind: 'verb', resource: gardener, verb: 'retrieve' } } },
]

/** An element with paths beyond those of its resources. */
export const pathElement = (url: string): Element => ({
  ...elementOf(ownApples),
  id: 9001,
  config: ['oauth.api.key', 'oauth.api.secret', 'oauth.callback.url'].map((key) => ({
    ...{ key, label: key, kind: 'text', required: true, description: `${key}.` },
  })),
  vendor: {
    siteOf: () => ({ key: 'one', authorizeUrl: url, tokenUrl: url, apiUrl: url, pkce: false }),
    isOwnUrl: (other) => other.origin === url,
    correlationHeader: 'orchard-id',
    headers: { accept: 'application/json' },
  },
  paths,
})
