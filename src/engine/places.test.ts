import { describe, expect, it } from 'vitest'
import type { Given, Place, Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { apples, type ConnectionOptions, onSmallVendor } from '../../test/support/small-vendor.ts'
import type { SearchInput } from './index.ts'

const { vendor, engine, connect } = await onSmallVendor()

const list = (resource: Resource, input: SearchInput, options?: ConnectionOptions) =>
  engine.searchText(connect(resource, options).connection, resource, input, false)

const get = async (resource: Resource, id: string, given: Given = {}, options?: ConnectionOptions) =>
  JSON.parse(
    String(
      await engine.retrieveText(connect(resource, options).connection, resource, { id, given }, '', false),
    ),
  ) as JsonObject

const sent = () => vendor.received().map(({ method, path: at }) => `${method} ${at}`)

const oneApple = () => vendor.answer(() => ({ body: { list: [{ ID: 'a' }], ID: 'a' } }))

describe('a path', () => {
  const resource = apples({
    address: [{ name: 'personId', description: 'Whose.' }],
    verbs: {
      search: {
        method: 'GET',
        path: '/people/{personId}/apples',
        pathFor: { company: '/apples' },
        rows: 'list',
      },
      retrieve: {
        method: 'GET',
        path: '/people/{personId}/apples/{id}',
        pathFor: { company: '/apples/{id}' },
        principals: ['user', 'company'],
      },
      create: {
        method: 'POST',
        path: '/people/{personId}/apples',
        pathFor: { company: '/apples' },
        principals: ['company', 'user'],
        newId: { kind: 'field', name: 'ID' },
      },
    },
    owner: { param: 'owner', field: 'Owner', everybody: 'ALL', configKey: 'x' },
    filters: [{ param: 'personId', means: 'equals', type: 'text' }],
  })
  const asked = () => vendor.received().map(({ path: at, headers }) => `${at} ${headers.authorization}`)

  it('is the one for whoever signs', async () => {
    oneApple()
    const given = { personId: 'p' }
    await list(resource, { given })
    await list(resource, { given }, { grants: ['company'] })
    await engine.create(
      connect(resource, { grants: ['user', 'company'] }).connection,
      resource,
      { Name: 'x' },
      given,
    )
    expect(asked()).toEqual([
      '/people/p/apples Bearer user',
      '/apples Bearer company',
      '/apples Bearer company',
      '/people/p/apples/a Bearer user',
    ])
    // What stands in no path is still what the vendor filters by.
    expect(vendor.received()[1]?.query).toEqual([['personId', 'p']])
    expect(vendor.received()[0]?.query).toEqual([])
  })

  it('fits the grant that is asked first for a row of anybody’s', async () => {
    oneApple()
    await get(resource, 'a', { personId: 'p' }, { grants: ['user', 'company'], owners: 'all' })
    expect(asked()).toEqual(['/apples/a Bearer company'])
  })
})

describe('a place', () => {
  const finds: Given[] = []
  const personId: Place = {
    description: 'A person.',
    find: async (port, given, principal) => {
      finds.push({ ...given, principal })
      return (
        port.subjectOf(principal) ??
        port.remember('person', 60, async () => {
          const { body } = await port.ask({
            method: 'GET',
            path: '/me',
            query: { as: principal, not: undefined },
          })
          return String((body as JsonObject).me)
        })
      )
    },
  }
  const resource = apples({
    address: [
      { name: 'personId', description: 'Whose.' },
      { name: 'season', description: 'When.' },
    ],
    verbs: {
      search: { method: 'GET', path: '/people/{personId}/apples', rows: 'list', query: { in: '{season}' } },
      retrieve: { method: 'GET', path: '/people/{personId}/apples/{id}' },
    },
  })

  it('is found where the caller does not say it, once for a while, and never where the caller does', async () => {
    finds.length = 0
    vendor.answer(({ path: at }) => ({ body: at === '/me' ? { me: 'kim/1' } : { list: [], ID: 'a' } }))
    const options = { places: { personId } }
    await list(resource, { where: "season = 'may'" }, options)
    await get(resource, 'a', {}, options)
    await list(resource, { where: "personId = 'lee'" }, options)
    expect(sent()).toEqual([
      'GET /me',
      'GET /people/kim%2F1/apples',
      'GET /people/kim%2F1/apples/a',
      'GET /people/lee/apples',
    ])
    expect(vendor.received().map(({ query }) => query)).toEqual([[['as', 'user']], [['in', 'may']], [], []])
    expect(finds).toEqual([
      { season: 'may', principal: 'user' },
      { id: 'a', principal: 'user' },
    ])
  })

  it('may be whom the grant names', async () => {
    oneApple()
    await get(resource, 'a', {}, { places: { personId }, subjects: { user: 'lee' } })
    expect(sent()).toEqual(['GET /people/lee/apples/a'])
  })

  it('that nobody knows is 400', async () => {
    await expect(get(resource, 'a')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('personId'),
    })
  })
})
