import { expect, test } from 'vitest'
import { belowBase, segmentsOf, splitTarget } from './target.ts'

test.each([
  ['/elements/api-v2/reports', '/elements/api-v2/reports', ''],
  ['/elements//api-v2///reports/', '/elements/api-v2/reports', ''],
  ['/elements/api-v2/reports/?where=a%3Db', '/elements/api-v2/reports', 'where=a%3Db'],
  ['http://hub.example:8080/elements/api-v2/reports?x=1?y', '/elements/api-v2/reports', 'x=1?y'],
  ['//hub.example/x', '/hub.example/x', ''],
  ['*', '/*', ''],
  ['?', '/', ''],
  ['', '/', ''],
])('the target %j has the path %j and the query %j', (target, path, query) => {
  expect(splitTarget(target)).toEqual({ path, query })
})

test('bytes of UTF-8 that were not percent-encoded are read as UTF-8', () => {
  const wire = Buffer.from("/elements/api-v2/reports/ü?where=name='Zürich'").toString('latin1')
  const { path, query } = splitTarget(wire)
  expect(segmentsOf(path)).toEqual(['elements', 'api-v2', 'reports', 'ü'])
  expect(new URLSearchParams(query).get('where')).toBe("name='Zürich'")
})

test.each([
  ['/elements/api-v2', '/'],
  ['/elements/api-v2/reports/7', '/reports/7'],
  ['/elements/api-v22/reports', undefined],
  ['/elements', undefined],
  ['/', undefined],
])('below the base, %j is %j', (path, below) => {
  expect(belowBase(path)).toBe(below)
})

test('segments are decoded one by one, so an encoded slash stays inside its segment', () => {
  expect(segmentsOf('/reports/a%2Fb%20c')).toEqual(['reports', 'a/b c'])
})

test.each(['/a%', '/a%zz', '/a%ff', '/a%00b', '/a%0d%0ab', '/a%7f', '/..', '/a/%2e%2E/b', '/.'])(
  'the path %j is refused with bad-request',
  (path) => {
    expect(() => segmentsOf(path)).toThrow(expect.objectContaining({ code: 'bad-request' }))
  },
)
