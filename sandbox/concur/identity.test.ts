import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { peopleOf } from './people.ts'
import { type Client, type Json, openClient } from './test-client.ts'

const people = peopleOf('us2')
const path = '/profile/identity/v4.1/Users'
const schemas = ['urn:ietf:params:scim:api:messages:concur:2.0:SearchRequest']
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

describe('Identity v4.1 of the sandbox', () => {
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 10 })
    token = await client.token()
  })
  afterAll(() => client.close())

  const search = (filter: string, more: Json = {}) =>
    client.post(`${path}/.search`, { schemas, filter, count: 1000, ...more }, token)
  const logins = (answer: { json: Json }) =>
    (answer.json['Resources'] as Json[]).map((user) => user['userName'])

  it.each([7, 100, 1000])('pages by cursor, every user once (count %i)', async (count) => {
    const seen: unknown[] = []
    let cursor = ''
    do {
      const query = new URLSearchParams({ count: String(count), ...(cursor === '' ? {} : { cursor }) })
      const answer = await client.get(`${path}?${query.toString()}`, token)
      expect(answer.json['totalResults']).toBe(people.length)
      seen.push(...logins(answer))
      cursor = String(answer.json['nextCursor'] ?? '')
    } while (cursor !== '')
    expect(seen).toEqual(people.map((person) => person.login))
  })

  const someone = people[42]
  it.each([
    ['active eq false', people.filter((person) => !person.active)],
    ['userName eq "ADMIN@sandbox.example"', people.slice(0, 1)],
    [`emails.value eq "${someone?.login ?? ''}"`, [someone]],
    [`id eq "${someone?.id ?? ''}"`, [someone]],
    [`${enterprise}:employeeNumber eq "E10042"`, [someone]],
    ['externalId eq "X10042"', [someone]],
    [
      'name.familyName eq "Otter" and active eq true',
      people.filter((one) => one.family === 'Otter' && one.active),
    ],
    [
      'userName eq "admin@sandbox.example" or name.familyName eq "Otter" and active eq false',
      people.filter((one) => one.index === 0 || (one.family === 'Otter' && !one.active)),
    ],
    [
      '(userName eq "admin@sandbox.example" or name.familyName eq "Otter") and active eq false',
      people.filter((one) => one.family === 'Otter' && !one.active),
    ],
  ])('finds by %s', async (filter, expected) => {
    expect(logins(await search(filter))).toEqual(expected.map((person) => person?.login))
  })

  it.each([
    'userName co "a"',
    'nothing eq "a"',
    'active eq',
    'active eq true and',
    '(active eq true',
    'userName eq "a',
    '',
  ])('refuses the filter <%s> in the SCIM shape', async (filter) => {
    const answer = await search(filter)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ status: '400', scimType: 'invalidFilter' })
  })

  it('pages a search, and gives only the attributes asked for', async () => {
    const first = await search('active eq true', { count: 3, attributes: ['userName', 'name.familyName'] })
    const [user] = first.json['Resources'] as Json[]
    expect(Object.keys(user ?? {}).sort()).toEqual(['id', 'name', 'userName'])
    expect(user?.['name']).toEqual({ familyName: 'Admin' })
    const second = await search('active eq true', { count: 3, cursor: first.json['nextCursor'] })
    expect(logins(second)[0]).toBe(people.filter((person) => person.active)[3]?.login)
  })

  it.each(['cursor=nonsense', 'cursor=Wy01XQ', 'count=-1', 'startIndex=0', 'filter=active%20eq%20true'])(
    'refuses %s with 400',
    async (query) => {
      expect((await client.get(`${path}?${query}`, token)).status).toBe(400)
    },
  )

  it('gets one user, 404 for another id, 403 for people without the role', async () => {
    expect((await client.get(`${path}/${someone?.id ?? ''}`, token)).json['userName']).toBe(someone?.login)
    const missing = await client.get(`${path}/00000000-0000-4000-a000-000000000000`, token)
    expect([missing.status, missing.json['status']]).toEqual([404, '404'])
    expect((await client.get(path, await client.token('basil.badger@sandbox.example'))).status).toBe(403)
  })
})
