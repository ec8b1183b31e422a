import { describe, expect, it } from 'vitest'
import type { Element } from '#src/element/index.ts'
import { apples, elementOf } from '../../test/support/small-vendor.ts'
import { wordsOf } from './refusal.ts'

const element: Element = {
  ...elementOf(apples({})),
  xmlErrorWords: [
    ['{DAV:}error', '{urn:x}message'],
    ['{DAV:}error', '{urn:x}exception'],
  ],
}

const words = (text: string, of: Element = element): string | undefined =>
  wordsOf(of, {
    status: 409,
    headers: {},
    body: Buffer.from(text),
    masked: (told) => told.replaceAll('secret', '***'),
  })

describe('the words of a refusal', () => {
  it('are found in XML by the first path that leads to a text', () => {
    const xml = (inside: string) =>
      `<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="urn:x">${inside}</d:error>`
    expect(words(xml('<s:exception>E</s:exception><s:message>No secret &amp; room</s:message>'))).toBe(
      'No *** & room',
    )
    expect(words(xml('<s:exception>E</s:exception><s:message/>'))).toBe('E')
    expect(words(xml('<s:other>x</s:other>'))).toBeUndefined()
    expect(words(xml(`<s:message>${'x'.repeat(2_000)}</s:message>`))).toHaveLength(1_000)
  })

  it('are none in a page for people, in what is not well-formed, and where the element reads no XML', () => {
    for (const text of [
      '<html><body><p>Not Found</body></html>',
      '<d:error xmlns:d="DAV:">',
      '<!DOCTYPE x><x/>',
    ])
      expect(words(text)).toBeUndefined()
    expect(
      words('<error xmlns="DAV:"><message xmlns="urn:x">no</message></error>', elementOf(apples({}))),
    ).toBe(undefined)
  })

  it('are those of JSON and of plain text as before', () => {
    expect(words('{"message":" Not so "}')).toBe('Not so')
    expect(words(' plain ')).toBe('plain')
    expect(words('{"other":1}')).toBeUndefined()
  })
})
