import { describe, expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import { showsOf } from './shows.ts'

const resource = {
  fields: {
    Name: { type: 'text', access: 'read' },
    Address: { type: 'object', access: 'read' },
    OldId: { type: 'text', access: 'read', onRequest: true },
    Old: { type: 'object', access: 'read', onRequest: true },
  },
} as unknown as Resource

const shown = (named: readonly string[], all: boolean): readonly string[] =>
  Object.keys(resource.fields).filter(showsOf(resource, named, all))

describe('what a coded verb is told of the fields that go out', () => {
  it('is everything but what costs calls of its own, where nothing is named', () => {
    expect(shown([], true)).toEqual(['Name', 'Address'])
  })

  it('is what is named, also by a path into it, and nothing else beside a list of fields', () => {
    expect(shown(['OldId', 'Address.City'], false)).toEqual(['Address', 'OldId'])
    expect(shown(['Old.Id', 'Old[0].Id'], false)).toEqual(['Old'])
  })

  it('is, without a list of fields, also what the query compares or sorts by', () => {
    expect(shown(['OldId'], true)).toEqual(['Name', 'Address', 'OldId'])
  })
})
