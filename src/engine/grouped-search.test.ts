import { describe, expect, it } from 'vitest'
import { groupedApples as resource } from '../../test/support/grouped-apples.ts'
import { onSmallVendor, type Received } from '../../test/support/small-vendor.ts'
import type { GroupFilter } from './filter-groups.ts'

describe('a vendor that is searched by groups', async () => {
  const { vendor, engine, connect } = await onSmallVendor()
  const all = [1, 2, 3, 4, 5, 6, 7].map((number) => ({
    id: String(number),
    parts: { weight: String(number) },
  }))

  /** Pages of a listing by `after`, of a search by size alone. */
  const reply = ({ method, query, body }: Received) => {
    const search = body as { limit: number; filterGroups: { filters: GroupFilter[] }[] } | undefined
    const asked = Object.fromEntries(query)
    const size = search?.limit ?? Number(asked['limit'])
    const after = Number(
      method === 'POST'
        ? (search?.filterGroups[0]?.filters.find(({ propertyName }) => propertyName === 'number')?.value ?? 0)
        : (asked['after'] ?? 0),
    )
    const rest = all.filter(({ id }) => Number(id) > after)
    const last = rest[size - 1]
    return {
      list: rest.slice(0, size),
      ...(rest.length > size ? { paging: { next: { after: last?.id, link: 'x' } } } : {}),
    }
  }
  const list = async (input: object) => {
    const { connection, said } = connect(resource)
    const { json, nextPage } = await engine.searchText(connection, resource, input, false)
    return { ids: (JSON.parse(json.toString()) as { id: string }[]).map(({ id }) => id), nextPage, said }
  }

  it('is listed by a cursor that lies below other names, and asked for the usual members', async () => {
    vendor.answer((request) => ({ body: reply(request) }))
    expect((await list({ pageSize: 100 })).ids).toEqual(all.map(({ id }) => id))
    expect(vendor.received().map(({ query }) => query)).toEqual([
      [
        ['parts', 'color,weight'],
        ['limit', '3'],
      ],
      [
        ['parts', 'color,weight'],
        ['limit', '3'],
        ['after', '3'],
      ],
      [
        ['parts', 'color,weight'],
        ['limit', '3'],
        ['after', '6'],
      ],
    ])
  })

  it('goes on after the last key of each page, in pages of the search', async () => {
    vendor.answer((request) => ({ body: reply(request) }))
    const found = await list({ where: 'weight > 2 and weight < 7', pageSize: 100 })
    expect(found.ids).toEqual(['3', '4', '5', '6'])
    expect(found.said.plan).toBe(
      "provider: weight GT '2' and weight LT '7'; local: parts.weight > 2 and parts.weight < 7",
    )
    const own = [
      { propertyName: 'weight', operator: 'GT', value: '2' },
      { propertyName: 'weight', operator: 'LT', value: '7' },
    ]
    expect(vendor.received().map(({ method, path, body }) => [method, path, body])).toEqual(
      [null, '2', '4', '6'].map((key) => [
        'POST',
        '/apples/search',
        {
          filterGroups: [
            {
              filters: key === null ? own : [...own, { propertyName: 'number', operator: 'GT', value: key }],
            },
          ],
          sorts: [{ propertyName: 'number', direction: 'ASCENDING' }],
          limit: 2,
          parts: ['color', 'weight'],
        },
      ]),
    )
  })

  it('gives each row once by tokens of ours', async () => {
    vendor.answer((request) => ({ body: reply(request) }))
    const ids: string[] = []
    for (let nextPage: string | undefined = ''; nextPage !== undefined; ) {
      const page: Awaited<ReturnType<typeof list>> = await list({
        where: 'weight > 1',
        pageSize: 3,
        nextPage,
      })
      ids.push(...page.ids)
      nextPage = page.nextPage
    }
    expect(ids).toEqual(['2', '3', '4', '5', '6', '7'])
  })

  it('is asked for the members that the caller names, and for those alone', async () => {
    vendor.answer((request) => ({ body: reply(request) }))
    await list({ fields: 'id,parts.own', orderBy: 'parts.weight', pageSize: 100 })
    expect(vendor.received()[0]?.query[0]).toEqual(['parts', 'own,weight'])
    vendor.answer(() => ({ body: { id: '1', parts: { own: 'x' } } }))
    const { connection } = connect(resource)
    await engine.retrieveText(connection, resource, { id: '1' }, 'parts.own', false)
    await engine.retrieveText(connection, resource, { id: '1' }, '', false)
    expect(vendor.received().map(({ query }) => query)).toEqual([
      [['parts', 'own']],
      [['parts', 'color,weight']],
    ])
  })

  it('sorts by what lies in a field, texts that spell numbers as numbers', async () => {
    const weights = ['9', '10', '-1', null]
    vendor.answer(() => ({
      body: { list: weights.map((weight) => ({ id: `of ${weight}`, parts: { weight } })) },
    }))
    expect((await list({ orderBy: 'parts.weight' })).ids).toEqual(['of -1', 'of 9', 'of 10', 'of null'])
    expect((await list({ orderBy: 'weight desc', pageSize: 2 })).ids).toEqual(['of null', 'of 10'])
  })

  it('is given an empty text for null on a change, nothing on a create, and shows what was written', async () => {
    vendor.answer(() => ({ body: { id: '9', parts: {} } }))
    const { connection } = connect(resource)
    await engine.create(connection, resource, { parts: { own: 'x', color: null } }, {})
    await engine.update(connection, resource, { id: '9' }, { parts: { own: null, color: 'red' } })
    await engine.update(connection, resource, { id: '9' }, { 'parts.color': 'blue' })
    expect(vendor.received().map(({ method, query, body }) => [method, query, body])).toEqual([
      ['POST', [], { parts: { own: 'x' } }],
      ['GET', [['parts', 'color,weight,own']], undefined],
      ['PATCH', [], { parts: { own: '', color: 'red' } }],
      ['GET', [['parts', 'color,weight,own']], undefined],
      ['PATCH', [], { parts: { color: 'blue' } }],
      ['GET', [['parts', 'color,weight']], undefined],
    ])
  })
})
