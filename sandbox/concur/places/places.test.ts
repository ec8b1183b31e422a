import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allItems, type Client, itemsOf, type Json, openClient, rowsIn } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

describe('places', () => {
  const contract = openContract()
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 60 }, contract)
    token = await client.token()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of places: ${JSON.stringify(contract.count())}\n`)
  })
  const get = async (path: string) => (await client.get(path, token)).json
  const v5 = '/localities/v5'
  const v3 = '/api/v3.0/common/locations'

  it('lists and filters locations of v3, among them every place of the seeded entries', async () => {
    const all = await allItems(client, `${v3}?limit=9`, token)
    expect([all.length, new Set(all.map((row) => row['ID'])).size]).toEqual([42, 42])
    const ids = new Set(all.map((row) => row['ID']))
    const entries = itemsOf(await client.get('/api/v3.0/expense/entries?user=ALL&limit=100', token))
    for (const entry of entries) expect(ids).toContain(entry['LocationID'])
    const munich = itemsOf(await client.get(`${v3}?city=munich&country=DE`, token))
    expect(munich.map((row) => [row['Name'], row['IATACode'], row['CountrySubdivision']])).toEqual([
      ['Munich', null, 'DE-BY'],
      ['Munich Airport', 'MUC', 'DE-BY'],
    ])
    expect(itemsOf(await client.get(`${v3}?administrativeRegion=King`, token))).toHaveLength(2)
    expect(await get(String(munich[0]?.['URI']))).toEqual(munich[0])
  })

  it('finds localities of v5 by exactly one key, bridged by the id of the name', async () => {
    const [seattle] = itemsOf(await client.get(`${v3}?name=Seattle`, token))
    const [found] = rowsIn(
      await get(`${v5}/locations?locationNameId=${String(seattle?.['LocationNameId'])}`),
      'locations',
    )
    expect(found).toMatchObject({
      ...{ code: 'USSEA', country: { code: 'US' }, subDivision: { code: 'US-WA' } },
      ...{ point: { latitude: 47.61 }, administrativeRegion: { names: [{ name: 'King County' }] } },
    })
    expect(found?.['id']).not.toBe(seattle?.['ID'])
    expect(await get(`${v5}/locations/${String(found?.['id'])}`)).toEqual(found)
    const names = async (query: string) =>
      rowsIn(await get(`${v5}/locations?${query}`), 'locations').map((row) => row['code'])
    expect(await names('searchText=sea')).toEqual(['USSEA', 'USSEAX'])
    expect(await names('searchText=o&countryCode=JP')).toEqual(['JPKIX', 'JPKIXX', 'JPNRT', 'JPNRTX'])
    expect(await names('locCode=DEMUC')).toEqual(['DEMUC'])
    for (const query of ['', '?countryCode=US', '?searchText=a&locCode=b', '?locCode=DEMUC&countryCode=DE']) {
      expect((await client.get(`${v5}/locations${query}`, token)).status).toBe(400)
    }
  })

  it('walks countries, subdivisions and regions', async () => {
    const countries = rowsIn(await get(`${v5}/countries`), 'countries')
    expect(countries).toHaveLength(8)
    expect(await get(`${v5}/countries/DE`)).toMatchObject({
      alpha3Code: 'DEU',
      currencies: [{ code: 'EUR' }],
    })
    const states = rowsIn(await get(`${v5}/subdivisions?countryCode=US`), 'subdivisions')
    expect(states.map((row) => row['code'])).toContain('US-TX')
    expect(await get(`${v5}/subdivisions/AU-NSW`)).toMatchObject({ countryCode: 'AU' })
    const path = `${v5}/adminRegions?countryCode=US&subdivisionCode=US-TX`
    const [travis] = rowsIn(await get(path), 'adminRegions')
    expect(await get(`${v5}/adminRegions/${String(travis?.['id'])}`)).toEqual(travis)
    expect((await client.get(`${v5}/subdivisions`, token)).text).toContain('countryCode')
    expect((await client.get(`${v5}/countries/XX`, token)).status).toBe(404)
  })

  it('gives a place of v3 by its id and by the UUID of its name', async () => {
    const [place] = itemsOf(await client.get(`/api/v3.0/common/locations?name=Munich`, token))
    for (const id of [place?.['ID'], place?.['LocationNameId']]) {
      const path = `/api/v3.0/common/locations/${encodeURIComponent(String(id))}`
      expect(await get(path)).toEqual(place)
    }
  })

  it('takes ids of v3 in entries, and others only where ids are lenient', async () => {
    const [open] = itemsOf(await client.get('/api/v3.0/expense/reports?approvalStatusCode=A_NOTF', token))
    const post = (more: Json) =>
      client.post(
        '/api/v3.0/expense/entries',
        {
          ...{ ReportID: open?.['ID'], ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'gW$pPaymentCash' },
          ...{ TransactionAmount: 3, TransactionCurrencyCode: 'EUR', TransactionDate: '2026-02-02', ...more },
        },
        token,
      )
    const made = await post({ LocationID: 'gW$pLocationMunich' })
    expect(await get(String(made.json['URI']))).toMatchObject({
      LocationName: 'Munich, BY',
      LocationCountry: 'DE',
    })
    expect((await post({ LocationID: 'x' })).status).toBe(200)
    await client.faults([{ fault: 'ids', value: 'strict' }])
    expect((await post({ LocationID: 'x' })).text).toContain('LocationID')
    expect((await post({ VendorListItemID: 'vl$9' })).text).toContain('VendorListItemID')
    await client.faults([])
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
