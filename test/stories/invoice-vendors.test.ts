import { beforeAll, describe, expect, it } from 'vitest'
import { ok } from '../support/answers.ts'
import { type Answer, ask, connect, hub } from '../support/client.ts'
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

const vendor = {
  ...{ VendorCode: 'RIV~1', AddressCode: 'A 1', VendorName: 'River & Sons', CountryCode: 'DE' },
  ...{ CurrencyCode: 'EUR', City: 'Bonn', Custom3: 'c' },
}
const noticeOf = ({ headers }: Answer) => String(headers['elements-error'] ?? '')
const post = (body: object) => company.call('/vendors', { method: 'POST', body })

describe('vendors', () => {
  it('are created, found, changed and removed by both of their codes', async () => {
    const made = (await ok(post(vendor))).json
    expect(made).toMatchObject(vendor)
    const path = `/vendors/${encodeURIComponent(made.id)}`
    expect((await ok(company.call(path))).json).toEqual(made)
    const changed = await ok(company.call(path, { method: 'PATCH', body: { City: 'Cologne' } }))
    expect(changed.json).toMatchObject({ ...vendor, City: 'Cologne' })
    const found = await ok(
      company.call('/vendors', { query: { where: `vendorName = 'river' and searchType = 'begins'` } }),
    )
    expect(found.json).toEqual([changed.json])
    const twice = await post(vendor)
    expect(twice.status).toBe(400)
    expect(twice.json.providerMessage).toContain('exists already')
    expect(twice.json.message).toContain('code 1002')
    await ok(company.call(path, { method: 'DELETE' }))
    expect((await company.call(path)).status).toBe(404)
    expect((await company.call(path, { method: 'PATCH', body: { City: 'Ely' } })).status).toBe(404)
    const gone = await company.call(path, { method: 'DELETE' })
    expect(gone.json.providerMessage).toContain('not found')
  })

  it('are changed with what SAP Concur needs of every record', async () => {
    await ok(post({ ...vendor, VendorCode: 'N1' }))
    const { requests } = await sandbox.during(async () => {
      const body = { PaymentTerms: 30, Approved: 'Y', VendorCode: 'other', Odd: 1 }
      const changed = await ok(company.call('/vendors/N1~A%201', { method: 'PATCH', body }))
      expect(changed.json).toMatchObject({ ...vendor, VendorCode: 'N1', PaymentTerms: '30', Approved: 'Y' })
      expect(noticeOf(changed)).toBe('ignored: VendorCode, Odd')
    })
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET'])
    const again = await sandbox.during(() =>
      ok(company.call('/vendors/N1~A%201', { method: 'PATCH', body: { ...vendor, City: 'Ely' } })),
    )
    expect(again.requests.map(({ method }) => method)).toEqual(['PUT', 'GET'])
  })

  it('are told which field a create lacks', async () => {
    const { CurrencyCode: _currency, ...body } = vendor
    const refused = await post({ ...body, VendorCode: 'N2' })
    expect([refused.status, refused.json.providerMessage]).toEqual([400, 'CurrencyCode is required'])
  })

  it('are searched, sorted and paged, each once', async () => {
    const list = async (query: Record<string, string>) => ok(company.call('/vendors', { query }))
    const all = (await list({ pageSize: '5000' })).json
    const seen: unknown[] = []
    for (let nextPage: string | undefined = ''; nextPage !== undefined; ) {
      const page: Answer = await list({ pageSize: '25', nextPage })
      seen.push(...page.json)
      nextPage = page.headers['elements-next-page-token']?.toString()
    }
    expect(seen).toEqual(all)
    await sandbox.faults({ fault: 'collection-key', value: 1 })
    const where = "sortBy = 'vendorName' and sortDirection = 'descending' and approved = 'Y'"
    const names = (await list({ where, pageSize: '5000' })).json.map((row: typeof vendor) => row.VendorName)
    expect(names).toEqual([...names].sort().reverse())
    expect(names.length).toBeLessThan(all.length)
    const { City } = all[0]
    const ends = await list({ where: `city = '${City.slice(-3)}' and searchType = 'ends'` })
    expect(ends.json.length).toBeGreaterThan(0)
    for (const row of ends.json) expect(row.City.endsWith(City.slice(-3))).toBe(true)
    const one = await list({ where: `vendorCode = '${all[3].VendorCode}' and addressCode = 'MAIN'` })
    expect(one.json).toEqual([all[3]])
    expect((await list({ where: `id = '${all[3].id}'` })).json).toEqual([all[3]])
    expect((await ok(company.call(`/vendors/${String(all[3].id).toLowerCase()}`))).json).toEqual(all[3])
  })

  it('are none with an id of another shape', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { body: { City: 'Ely' } } : {}
      expect((await company.call('/vendors/V1001', { method, ...body })).status).toBe(404)
    }
  })
})

/** As an old client sends it: no VendorCode, no query. */
const bank = {
  ...{ AddressCode: '', BankCode: 'BK1', BankName: 'Union', BranchCode: '001' },
  ...{ BranchLocation: 'Bonn', CountryCode: 'DE' },
}

describe('banks of vendors', () => {
  const patch = (body: unknown) => company.call('/vendor-banks', { method: 'PATCH', body })

  it('answer 200 to the body of old clients, with what became of the record', async () => {
    const answered = await ok(patch(bank))
    expect(answered.json).toMatchObject({
      BankCode: 'BK1',
      StatusList: [{ Type: 'ERROR', Message: 'VendorCode is required', RecordNumber: 1 }],
    })
    expect(noticeOf(answered)).toBe('')
    expect((await company.call('/vendor-banks')).status).toBe(405)
    for (const body of [[], ['x'], 'x', 3]) expect((await patch(body)).status).toBe(400)
  })

  it('are written alone, wrapped or as an array, and come back as they were sent', async () => {
    await ok(post({ ...vendor, VendorCode: 'V9' }))
    const whole = {
      ...{ ...bank, VendorCode: 'V9', AddressCode: 'A 1', AccountNumber: 12, AccountType: 'CHCK' },
      ...{ IsActive: 'Y', NameOnAccount: 'River', TransType: null, Odd: 1, StatusList: [] },
    }
    const status = { AccountNumber: '12', StatusList: [{ Type: 'SUCCESS' }] }
    for (const fault of [[], [{ fault: 'collection-key', value: 1 }]]) {
      await sandbox.faults(...fault)
      const alone = await ok(patch(whole))
      expect(alone.json).toMatchObject(status)
      expect(noticeOf(alone)).toBe('ignored: Odd, StatusList')
      expect((await ok(patch({ VendorBank: [whole] }))).json).toMatchObject({ VendorBank: [status] })
      const two = await ok(patch([whole, bank]))
      expect(two.json).toMatchObject([status, { StatusList: [{ Type: 'ERROR', RecordNumber: 2 }] }])
    }
    const shown = await ok(company.call('/vendors/V9~A%201'))
    expect(shown.json).toMatchObject({ VendorBankList: [{ BankCode: 'BK1', AccountNumber: '12' }] })
  })
})

describe('groups of vendors', () => {
  it('are joined and left by name', async () => {
    await ok(post({ ...vendor, VendorCode: 'V8' }))
    const query = { vendorCode: 'V8', addressCode: 'A 1' }
    const patch = (body: unknown) => company.call('/vendor-groups', { method: 'PATCH', query, body })
    const groups = async () => (await ok(company.call('/vendors/V8~A%201'))).json.VendorGroupList
    const joined = await ok(patch({ ID: 'grp1', Name: 'north' }))
    expect(joined.json).toMatchObject({ Name: 'north', StatusList: [{ Type: 'SUCCESS' }] })
    expect(noticeOf(joined)).toBe('ignored: ID')
    const wrapped = await ok(patch({ VendorGroup: [{ Name: 'east' }, { Name: 'west' }] }))
    expect(wrapped.json).toMatchObject({ VendorGroup: [{ Name: 'east' }, { Name: 'west' }] })
    expect(await groups()).toEqual(['north', 'east', 'west'])
    const left = { ...query, groupName: 'north' }
    await ok(company.call('/vendor-groups', { method: 'DELETE', query: left }))
    expect(await groups()).toEqual(['east', 'west'])
  })

  it.each(['vendorCode', 'addressCode', 'groupName'])(
    'need %s, and nothing is asked without',
    async (name) => {
      const query: Record<string, string> = { vendorCode: 'V8', addressCode: 'A 1', groupName: 'x' }
      const { [name]: _without, ...rest } = query
      const { requests } = await sandbox.during(async () => {
        const unnamed = await company.call('/vendor-groups', { method: 'DELETE', query: rest })
        expect(unnamed.status).toBe(400)
        expect(unnamed.json.message).toContain(name)
        if (name === 'groupName') return
        const body = { Name: 'x' }
        const joined = await company.call('/vendor-groups', { method: 'PATCH', query: rest, body })
        expect([joined.status, joined.json.message]).toEqual([400, expect.stringContaining(name)])
      })
      expect(requests).toEqual([])
    },
  )
})

describe('a person', () => {
  it('may call the same, where the application has the scopes', async () => {
    const made = await connect(product, member)
    const call = async (path: string) =>
      ask(`${product.url}/hubs/expense${path}`, { headers: hub(member, made.json.token) })
    expect((await ok(call('/vendors?pageSize=1'))).json).toHaveLength(1)
    expect((await ok(call('/payments-digests?pageSize=1'))).json).toHaveLength(1)
  })
})
