import { describe, expect, it } from 'vitest'
import { ask, hub } from '../support/client.ts'
import { type Mapping, mappingOn, off, onMapping, tripFields } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping

onMapping((made) => {
  ;({ stage, mapping } = made)
})

const everybody = "user='ALL'"

const rows: Mapping['rows'] = (...of) => mapping.rows(...of)

describe('a common resource', () => {
  it('6.2/1, 6.2/3, 13/2 is listed, read, created, changed and deleted under its own names', async () => {
    const mapped = await mapping.map('trips', 'reports', tripFields, [off])
    expect(mapped.status, mapped.text).toBe(200)
    const listed = await rows('trips')
    expect(listed.length).toBeGreaterThan(3)
    for (const row of listed) expect(Object.keys(row).sort()).toEqual(['id', 'owner', 'sum', 'title'])
    const vendor = await rows('reports')
    expect(listed).toEqual(
      vendor.map(({ ID, Name, Total, CurrencyCode, OwnerName }) => ({
        ...{
          id: ID,
          title: Name,
          sum: { amount: Total, currency: CurrencyCode },
          owner: { name: OwnerName },
        },
      })),
    )
    const id = String(listed[0]?.['id'])
    expect((await mapping.onHub('GET', `trips/${id}`)).json).toEqual(listed[0])
    const bare = await ask(`${stage.product.url}/trips/${id}`, { headers: hub(stage.member, mapping.token) })
    expect(bare.json).toEqual(listed[0])

    const made = await mapping.onHub('POST', 'trips', {}, { title: 'Fair', x: 1 })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({ id: expect.any(String), title: 'Fair', sum: { currency: 'USD' } })
    const path = `trips/${made.json.id}`
    const changed = await mapping.onHub('PATCH', path, {}, { title: 'Fair 2', sum: { amount: 3 } })
    expect(changed.json).toMatchObject({ id: made.json.id, title: 'Fair 2' })
    expect(changed.headers['elements-error']).toContain('sum.amount')
    expect((await mapping.onHub('GET', `reports/${made.json.id}`)).json.Name).toBe('Fair 2')
    expect((await mapping.onHub('GET', 'trips/none')).status).toBe(404)

    await mapping.map('costs', 'expenses', [{ path: 'id', vendorPath: 'ID' }])
    const [cost] = await rows('costs')
    expect((await mapping.onHub('DELETE', `costs/${cost?.['id']}`)).status).toBe(200)
    expect((await mapping.onHub('GET', `costs/${cost?.['id']}`)).status).toBe(404)
  })

  it('6.2/1 is asked by where, fields and orderBy in its own names, page by page', async () => {
    await mapping.map('trips', 'reports', tripFields, [off])
    const where = "sum.amount > 500 and not (title like '%a%') and user='ALL'"
    const found = await mapping.onHub('GET', 'trips', { where, pageSize: '5000' })
    const same = await mapping.onHub('GET', 'reports', {
      where: "Total > 500 and not (Name like '%a%') and user='ALL'",
      pageSize: '5000',
    })
    expect(found.json.length).toBeGreaterThan(2)
    expect(found.json.map(({ id }: Row) => id)).toEqual(same.json.map(({ ID }: Row) => ID))
    expect(found.headers['elements-query-plan']).toBe(same.headers['elements-query-plan'])

    const ordered = await rows('trips', {
      where,
      orderBy: 'sum.amount desc, title',
      fields: 'sum.amount,title',
    })
    for (const row of ordered) expect(Object.keys(row).sort()).toEqual(['sum', 'title'])
    const amounts = ordered.map(({ sum }) => (sum as Row)['amount'] as number)
    expect(amounts).toEqual([...amounts].sort((one, two) => two - one))

    const walked: Row[] = []
    let nextPage = ''
    do {
      const query = nextPage === '' ? { fields: 'owner', where: everybody } : { nextPage }
      const page = await mapping.onHub('GET', 'trips', { pageSize: '150', ...query })
      expect(page.status, page.text).toBe(200)
      walked.push(...page.json)
      nextPage = String(page.headers['elements-next-page-token'] ?? '')
    } while (nextPage !== '')
    const names = (await rows('reports', { where: everybody, pageSize: '5000' })).map(
      ({ OwnerName }) => OwnerName,
    )
    expect(walked).toEqual(names.map((name) => ({ owner: { name } })))

    const counted = await mapping.onHub('GET', 'trips', {
      where: everybody,
      pageSize: '2',
      returnCount: 'true',
    })
    expect(counted.headers['elements-total-count']).toBe(String(names.length))
  })

  it('6.2/1 names what it cannot be asked by', async () => {
    await mapping.map(
      'trips',
      'reports',
      [
        ...tripFields,
        { path: 'first', vendorPath: 'Rows[id=1].x' },
        { path: 'all', vendorPath: 'Rows[*].x' },
      ],
      [off],
    )
    for (const [query, words] of [
      [{ where: "titel = 'x'" }, 'Did you mean title'],
      [{ where: "Name = 'x'" }, "trips has no field 'Name'"],
      [{ where: 'title = ' }, 'position'],
      [{ where: 'first = 1' }, 'mapped to Rows[id=1].x'],
      [{ fields: 'titel' }, 'Did you mean title'],
      [{ orderBy: 'titel' }, 'Did you mean title'],
      [{ orderBy: 'all' }, 'ordered by single values'],
    ] as const) {
      const refused = await mapping.onHub('GET', 'trips', query)
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    const none = await mapping.onHub('GET', 'tripz')
    expect(none.status).toBe(404)
    expect(none.json.message).toContain('trips')
  })

  it('6.2/2 passes what is not mapped, both ways; a name that equals a resource shadows it', async () => {
    const [before] = await rows('reports')
    await mapping.map('reports', 'reports', [{ path: 'altId', vendorPath: 'ID' }])
    const [shown] = await rows('reports')
    const { ID, ...rest } = before ?? {}
    expect(shown).toEqual({ ...rest, altId: ID })
    expect((await rows('reports', { where: `altId = '${ID}'` })).length).toBe(1)
    expect((await rows('reports', { where: `ID = '${ID}'`, fields: 'altId,Name' }))[0]).toEqual({
      ...{ altId: ID, Name: rest['Name'] },
    })
    const made = await mapping.onHub('POST', 'reports', {}, { Name: 'Passed', altId: 'x' })
    expect(made.json).toMatchObject({ Name: 'Passed', altId: expect.stringMatching(/^[0-9A-F]{20}$/) })
    expect(made.headers['elements-error']).toContain('altId')
    const submitted = await mapping.onHub('POST', `reports/${made.json.altId}/submit`)
    expect(submitted.status, submitted.text).toBeLessThan(500)
    await mapping.call('DELETE', `/instances/${mapping.id}/transformations/reports`)
    expect((await rows('reports', { where: `ID = '${ID}'` }))[0]).toEqual(before)
  })

  it('6.2/4, 6.2/10 keeps back what is removed, and holds no nulls without the vendor’s other fields', async () => {
    const other = await mappingOn(stage)
    await other.call('PATCH', `/instances/${other.id}`, {
      configuration: { 'filter.response.nulls': 'false' },
    })
    const remove = (properties: Row) => ({ configuration: [{ type: 'remove', properties }] })
    const fields = [
      { path: 'id', vendorPath: 'ID' },
      { path: 'who', vendorPath: 'OwnerName', ...remove({ fromVendor: true, toVendor: true }) },
      { path: 'title', vendorPath: 'Name', ...remove({ toVendor: true }) },
      { path: 'paid', vendorPath: 'PaidDate' },
    ]
    await other.map('trips', 'reports', fields)
    const [passed] = (await other.onHub('GET', 'trips', { pageSize: '1' })).json
    expect(passed).toHaveProperty('paid', null)
    for (const name of ['who', 'OwnerName', 'PaidDate', 'Name']) expect(passed).not.toHaveProperty(name)
    const untouched = await other.onHub('PATCH', `trips/${passed.id}`, {}, { title: 'x', Comment: 'c' })
    expect(untouched.json.title).toBe(passed.title)
    await other.map('trips', 'reports', fields, [off])
    const [bare] = (await other.onHub('GET', 'trips', { pageSize: '1' })).json
    expect(bare).toEqual({ id: passed.id, title: passed.title })
    expect((await other.onHub('GET', `trips/${passed.id}`)).json).toEqual(bare)
  })
})
