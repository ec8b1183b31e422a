import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUuid } from './ids.ts'
import { personByLogin } from './people.ts'
import { openProtected, protectedId } from './protected-id.ts'
import { allItems, type Client, itemsOf, type Json, openClient, rowsIn } from './test-client.ts'

describe('the smaller tables', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concur-tables-'))
  const stateFile = join(folder, 'state.jsonl')
  let client: Client
  let token: string
  const start = async () => {
    client = await openClient({ reports: 300, stateFile })
    token = await client.token()
  }
  beforeAll(start)
  afterAll(async () => {
    await client.close()
    rmSync(folder, { recursive: true })
  })
  const get = async (path: string) => (await client.get(path, token)).json

  it('survive a restart: what was made, changed, deleted, and what hangs on reports', async () => {
    const [list] = rowsIn(await get('/list/v4/lists?value=Projects'), 'content')
    const children = `/list/v4/lists/${String(list?.['id'])}/children`
    const [gone, renamed] = rowsIn(await get(children), 'content').map(
      (item) => `/list/v4/items/${String(item['id'])}`,
    )
    await client.remove(gone ?? '', token)
    await client.put(renamed ?? '', { shortCode: 'P-9', value: 'Nine' }, token)
    const attendee = await client.post(
      '/v4/attendees',
      { attendeeTypeCode: 'SPOUSE', lastName: 'Sedge' },
      token,
    )
    const own = personByLogin('admin@sandbox.example')?.id ?? ''
    const reports = itemsOf(await client.get('/api/v3.0/expense/reports?approvalStatusCode=A_NOTF', token))
    const everybody = itemsOf(
      await client.get('/api/v3.0/expense/reports?user=ALL&approvalStatusCode=A_NOTF', token),
    )
    const open = String(reports[0]?.['ID'])
    const deleted = everybody.map((row) => String(row['ID'])).find((id) => id !== open)
    const comments = `/expensereports/v4/users/${own}/context/TRAVELER/reports/${open}/comments`
    expect((await client.post(comments, { comment: 'Kept' }, token)).status).toBe(201)
    expect((await client.remove(`/expensereports/v4/reports/${deleted ?? ''}`, token)).status).toBe(204)
    const before = await Promise.all([get(children), get(String(attendee.json['uri'])), get(comments)])
    await client.close()
    await start()
    const after = await Promise.all(
      [children, String(attendee.json['uri']).replace(/^http:\/\/[^/]+/, ''), comments].map(get),
    )
    const plain = (value: unknown) => JSON.stringify(value).replace(/127\.0\.0\.1:\d+/g, 'here')
    expect(plain(after)).toBe(plain(before))
    expect(rowsIn(after[0], 'content').map((item) => item['shortCode'])).toEqual(['P-9', 'P-300'])
    expect((await client.get(`/api/v3.0/expense/reports/${deleted ?? ''}`, token)).status).toBe(404)
    const left = await allItems(client, '/api/v3.0/expense/reports?user=ALL&limit=100', token)
    expect(left).toHaveLength(299)
  })

  it('are another company’s in the other data centre, with codes that resolve there', async () => {
    const away = await client.form('/dc/eu2/oauth2/v0/token', {
      ...{ client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret', grant_type: 'password' },
      ...{ username: 'admin@eu2.sandbox.example', password: 'sandbox' },
    })
    const theirs = String(away.json['access_token'])
    const lists = async (base: string, as: string): Promise<Json[]> =>
      rowsIn((await client.get(`${base}/list/v4/lists`, as)).json, 'content')
    const [here, there] = [await lists('', token), await lists('/dc/eu2', theirs)]
    expect(here.map((row) => row['value'])).toEqual(there.map((row) => row['value']))
    expect(here.some((row) => there.some((other) => other['id'] === row['id']))).toBe(false)
    const base = '/dc/eu2/api/v3.0'
    const rows = itemsOf(await client.get(`${base}/expense/reports?user=ALL&limit=100`, theirs))
    const items = await allItems(client, `${base}/common/listitems?limit=100`, theirs)
    const byId = new Map(items.map((item) => [item['ID'], item['Name']]))
    const slots = rows.map((row) => row['OrgUnit1'] as Json)
    expect(slots.length).toBeGreaterThan(30)
    for (const slot of slots) expect(byId.get(slot['ListItemID'])).toBe(slot['Value'])
    const associations = itemsOf(
      await client.get(`${base}/expense/entryattendeeassociations?user=ALL&limit=100`, theirs),
    )
    const attendees = rowsIn((await client.get('/dc/eu2/v4/attendees?limit=100', theirs)).json, 'items')
    expect([associations.length > 0, attendees.length > 0]).toEqual([true, true])
  })

  it('have v3 ids that lead back to the row, and to none of another kind', () => {
    fc.assert(
      fc.property(fc.constant(null), () => {
        const uuid = newUuid()
        const id = protectedId('list', uuid)
        expect(id).toMatch(/^gW\w{5}\$p\w{17}$/)
        expect(openProtected('list', id)).toBe(uuid)
        expect(openProtected('item', id)).not.toBe(uuid)
      }),
    )
    expect(openProtected('list', 'gW99999$p99999999999999999')).toBeUndefined()
    expect(openProtected('list', 'nonsense')).toBeUndefined()
  })
})
