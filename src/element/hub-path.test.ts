import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bracesOf, type HubPath, hubPathOf } from './hub-path.ts'

const path = (text: string): HubPath => ({ path: text, methods: {} })

const paths = [
  '/contacts/{contactId}/notes',
  '/contacts/{contactId}/notes/{noteId}',
  '/contacts/all/notes',
  '/contacts/{contactId}/{more}',
  '/files',
  '/files/{id}/metadata',
  '/files/metadata',
  '/me',
].map(path)

const found = (...segments: readonly string[]) => {
  const place = hubPathOf(paths, segments)
  return place === undefined ? undefined : [place.found.path, place.values]
}

describe('the path of an element', () => {
  it('is found by its segments, with what stands in its braces', () => {
    expect(found('me')).toEqual(['/me', {}])
    expect(found('files')).toEqual(['/files', {}])
    expect(found('contacts', '7', 'notes')).toEqual(['/contacts/{contactId}/notes', { contactId: '7' }])
    expect(found('contacts', 'a/b', 'notes', '%')).toEqual([
      '/contacts/{contactId}/notes/{noteId}',
      { contactId: 'a/b', noteId: '%' },
    ])
  })

  it('prefers a fixed segment to a brace, the leftmost first', () => {
    expect(found('contacts', 'all', 'notes')).toEqual(['/contacts/all/notes', {}])
    expect(found('contacts', '7', 'other')).toEqual([
      '/contacts/{contactId}/{more}',
      { contactId: '7', more: 'other' },
    ])
    // Here the left one is fixed, and there the right one.
    const crossing = [path('/a/{one}/{two}'), path('/a/{one}/z'), path('/a/b/{two}')]
    expect(hubPathOf(crossing, ['a', 'b', 'z'])?.found.path).toBe('/a/b/{two}')
    expect(hubPathOf(crossing, ['a', 'c', 'z'])?.found.path).toBe('/a/{one}/z')
  })

  it('is none where segments are too many, too few or others', () => {
    expect(found()).toBeUndefined()
    expect(found('files', '1')).toBeUndefined()
    expect(found('contacts')).toBeUndefined()
    expect(found('contacts', '7', 'notes', '1', '2')).toBeUndefined()
    expect(hubPathOf(undefined, ['me'])).toBeUndefined()
  })

  it('gives back whatever stands in a brace', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        fc.pre(one !== 'all')
        expect(found('contacts', one, 'notes', two)?.[1]).toEqual({ contactId: one, noteId: two })
      }),
    )
  })

  it('tells the names of its braces in their order', () => {
    expect(paths.map(bracesOf)).toContainEqual(['contactId', 'noteId'])
    expect(bracesOf(path('/files'))).toEqual([])
  })
})
