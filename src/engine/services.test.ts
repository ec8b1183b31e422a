import { expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Service } from '#src/element/index.ts'
import { createServiceFinder } from './services.ts'

const limit = (per: 'instance' | 'user') => ({ calls: 10, seconds: 60, per, source: 'a page' })
const services: readonly Service[] = [
  { key: 'one', paths: ['/trips/{any}'] },
  { key: 'list', paths: ['/trips'], limit: limit('instance') },
  { key: 'quick', paths: ['/quick/v4/users/{user}/x', '/quick/v5/{any}/{user}'], limit: limit('user') },
  { key: 'writes', paths: ['/things'], methods: ['POST', 'PUT'] },
]

it.each<[string, string, string, string]>([
  ['GET', '/trips', 'list', ''],
  ['GET', '/trips?limit=1', 'list', ''],
  ['GET', '/trips/7', 'one', ''],
  ['GET', '/trips/7/legs?x=/trips', 'one', ''],
  ['GET', '/tripsters', 'other', ''],
  ['GET', '/a/trips', 'other', ''],
  ['POST', '/quick/v4/users/AB-1/x/y', 'quick', 'ab-1'],
  ['POST', '/quick/v4/users/AB-1', 'other', ''],
  ['POST', '/quick/v4/users//x', 'other', ''],
  ['POST', '/things/1', 'writes', ''],
  ['GET', '/things/1', 'other', ''],
])('%s %s is a call of %s', (method, path, key, user) => {
  const found = createServiceFinder(services)(method, path)
  expect([found.service.key, found.user]).toEqual([key, user])
})

it.each(catalogueElements({}).map((element) => [element.key, element] as const))(
  'the services of %s have names of their own, name the user they count by, and are all reached',
  (_key, { vendor }) => {
    const keys = (vendor.services ?? []).map(({ key }) => key)
    expect(keys).toEqual([...new Set(keys)])
    expect(keys).not.toContain('other')
    const find = createServiceFinder(vendor.services ?? [])
    for (const { key, paths, limit: published, methods = ['GET'] } of vendor.services ?? []) {
      for (const path of paths) {
        if (published?.per === 'user') expect(path).toContain('{user}')
        expect(path).not.toMatch(/\{(?!user\}|any\})|\/$/)
        expect(find(methods[0] ?? '', path.replaceAll(/\{\w+\}/g, 'x')).service.key).toBe(key)
      }
    }
  },
)
