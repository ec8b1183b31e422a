import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { euAdminLogin, type Person, peopleOf } from './people.ts'
import { allItems, type Client, itemsOf, openClient, readLike } from './test-client.ts'

const path = '/api/v3.0/common/users'
const people = peopleOf('us2')

describe('Users v3 of the sandbox', () => {
  let client: Client
  let token: string
  const tokenOf = async (username: string, place = '', scope = 'USER') => {
    const fields = { client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret', scope }
    const grant = { ...fields, grant_type: 'password', username, password: 'sandbox' }
    return String((await client.form(`${place}/oauth2/v0/token`, grant)).json['access_token'])
  }
  beforeAll(async () => {
    client = await openClient({ reports: 10 })
    token = await tokenOf('admin@sandbox.example')
  })
  afterAll(() => client.close())

  it.each([1, 25, 100])('pages everybody once (limit %i)', async (limit) => {
    const rows = await allItems(client, `${path}?limit=${String(limit)}`, token)
    expect(rows.map((row) => row['LoginID'])).toEqual(people.map((person) => person.login))
  })

  it('gives 25 by default, 100 at most, in JSON and XML, and says that it is deprecated', async () => {
    const page = await client.get(path, token)
    expect(itemsOf(page)).toHaveLength(25)
    expect(page.headers.get('x-api-warn')).toContain('Identity')
    expect(page.headers.get('sunset')).toContain('2025')
    expect(itemsOf(await client.get(`${path}?limit=1000`, token))).toHaveLength(100)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/xml' }
    const xml = await client.call('GET', path, { headers })
    expect(readLike(xml.text, page.json)).toEqual({ root: 'Users', value: page.json })
  })

  const someone = people[42] as Person
  it.each([
    ['active=false', (person: Person) => !person.active],
    [`primaryEmail=${someone.login.toUpperCase()}`, (person: Person) => person === someone],
    [`employeeID=${someone.employeeNumber}`, (person: Person) => person === someone],
    [`user=${someone.login}`, (person: Person) => person === someone],
    ['lastName=otter&active=true', (person: Person) => person.family === 'Otter' && person.active],
    ['user=nobody', () => false],
  ])('filters by %s', async (query, wanted) => {
    const rows = await allItems(client, `${path}?limit=100&${query}`, token)
    expect(rows.map((row) => row['LoginID'])).toEqual(people.filter(wanted).map((person) => person.login))
  })

  it.each(['active=maybe', 'limit=0', 'offset=x', 'offset=Wy01XQ'])('refuses %s with 400', async (query) => {
    expect((await client.get(`${path}?${query}`, token)).status).toBe(400)
  })

  it('refuses people without the role, tokens without the scope, and new applications when told to', async () => {
    expect((await client.get(path, await tokenOf('basil.badger@sandbox.example'))).status).toBe(403)
    expect((await client.get(path, await tokenOf('admin@sandbox.example', '', 'EXPRPT'))).status).toBe(403)
    await client.faults([{ fault: 'refuse-deprecated', operation: 'users-v3.list', times: 1 }])
    expect((await client.get(path, token)).status).toBe(403)
    expect((await client.get(path, token)).status).toBe(200)
  })

  it('shows the people of its own data centre', async () => {
    const eu = '/dc/eu2'
    const rows = await allItems(client, `${eu}${path}?limit=3`, await tokenOf(euAdminLogin, eu))
    expect(rows.map((row) => row['LoginID'])).toEqual(peopleOf('eu2').map((person) => person.login))
  })
})
