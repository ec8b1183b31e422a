import { beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../support/client.ts'
import { type Connected, companyInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let company: Connected

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

beforeAll(async () => {
  company = await companyInstance(product, member)
})

type Row = Readonly<Record<string, unknown>>

const search = (where: string, query: Record<string, string> = {}, instance = company): Promise<Answer> =>
  instance.call('/locations', { query: { where, ...query } })

const rows = async (...asked: Parameters<typeof search>): Promise<readonly Row[]> => {
  const reply = await search(...asked)
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

const names = (found: readonly Row[]): readonly unknown[] => found.map(({ Name }) => Name)

describe('the ids of places that an expense takes', () => {
  it('come with one call for those that the same search finds on v3, one for each other, and none again', async () => {
    const fresh = await companyInstance(product, member)
    let found: readonly Row[] = []
    const first = await sandbox.during(async () => {
      found = await rows(`name = 'on' and country = 'US'`, {}, fresh)
    })
    expect(names(found)).toEqual(['Boston', 'Boston Airport'])
    for (const row of found) expect(row).toMatchObject({ ID: expect.stringContaining('$') })
    // v3 of the sandbox finds names that begin with the text: these do not.
    expect(first.operations).toEqual({
      'localities.locations': 1,
      'locations-v3.list': 1,
      'locations-v3.get': 2,
    })
    const again = await sandbox.during(async () => {
      expect(await rows(`name = 'on' and country = 'US'`, {}, fresh)).toEqual(found)
    })
    expect(again.operations).toEqual({ 'localities.locations': 1 })
    const begins = await sandbox.during(() => rows(`name = 'Bos'`, {}, fresh))
    expect(begins.operations).toEqual({ 'localities.locations': 1, 'locations-v3.list': 1 })
  })

  it('are not asked for where they are not shown', async () => {
    const fresh = await companyInstance(product, member)
    const { operations } = await sandbox.during(async () => {
      const found = await rows(`city = 'Munich'`, { fields: 'Name,LocationNameId' }, fresh)
      expect(found).toHaveLength(2)
      for (const row of found) expect(row).toEqual({ Name: row.Name, LocationNameId: row.LocationNameId })
    })
    expect(operations).toEqual({ 'localities.locations': 1 })
  })

  it('are no reason for a wrong answer: a failure that passes is told, and not taken for an absence', async () => {
    const fresh = await companyInstance(product, member)
    await sandbox.faults({ fault: 'server-error', value: 503, operation: 'locations-v3.list', times: 4 })
    const failed = await search(`city = 'Munich'`, {}, fresh)
    expect(failed.status, failed.text).toBe(502)
    expect(failed.json).toMatchObject({ code: 'provider-failed', retryable: true })
    const again = await rows(`city = 'Munich'`, {}, fresh)
    expect(again).toHaveLength(2)
    for (const row of again) expect(row.ID).toContain('$')
  })

  it('lead to the place, as its LocationNameId does', async () => {
    const [place] = await rows(`Name = 'Hamburg'`)
    for (const id of [place?.ID, place?.LocationNameId, place?.id]) {
      const reply = await company.call(`/locations/${encodeURIComponent(String(id))}`)
      expect(reply.status, reply.text).toBe(200)
      expect(reply.json).toEqual(place)
    }
    for (const id of ['gW$pNowhere', '00000000-0000-4000-8000-000000000000'])
      expect((await company.call(`/locations/${encodeURIComponent(id)}`)).status).toBe(404)
  })
})

describe('places', () => {
  it('of a region are found by its name, whatever its case, beside its state', async () => {
    const where = (region: string) =>
      `name = 'a' and countrySubdivision = 'US-TX' and administrativeRegion = '${region}'`
    const found = await rows(where('travis COUNTY'))
    expect(found.length).toBeGreaterThan(0)
    for (const row of found) expect(row).toMatchObject({ AdministrativeRegion: 'Travis County' })
    const { operations } = await sandbox.during(async () => {
      expect(await rows(where('No County'))).toEqual([])
    })
    expect(operations).toEqual({ 'localities.admin-regions': 1 })
  })

  it('are found by their exact name, which Concur narrows', async () => {
    const reply = await search(`Name = 'Munich'`)
    expect(names(reply.json)).toEqual(['Munich'])
    expect(reply.headers['elements-query-plan']).toContain("Name='Munich'")
  })

  it.each([
    [`country = 'DE'`, 'name or city'],
    [`name = 'Soho' and city = 'London'`, 'city: name or city, not both'],
    [`name = 'a' and administrativeRegion = 'Travis County'`, 'countrySubdivision'],
  ])('where %s are 400 that says what is missing', async (where, words) => {
    const reply = await search(where)
    expect(reply.status).toBe(400)
    expect(reply.json.message).toContain(words)
  })
})
