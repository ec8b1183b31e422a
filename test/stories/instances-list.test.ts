import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LightInstanceReply } from '#src/contract/index.ts'
import { type Answer, ask, platform } from '../support/client.ts'
import { create } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())

describe('listing instances', () => {
  let lister: Member
  let mine: Record<string, string>
  const ids: number[] = []
  const list = (query: string): Promise<Answer> => ask(`${product.url}${query}`, { headers: mine })
  const idsIn = (reply: Answer): number[] => reply.json.map((one: { id: number }) => one.id)

  beforeAll(async () => {
    lister = await product.addMember('Eastwind', 'admin@eastwind.example')
    mine = platform(lister)
    for (const [name, tags] of [
      ['Alpha one', ['eu', 'big']],
      ['Alpha two', ['eu']],
      ['Beta', ['us', 'big']],
    ] as const)
      ids.push((await create(product, lister, { name, tags })).json.id)
  })

  it("2/7 shows only the caller's, filtered by every tag and by part of the name", async () => {
    const [one, two, three_] = ids
    expect(idsIn(await list('/instances'))).toEqual(ids)
    expect(idsIn(await list('/elements/concur/instances'))).toEqual(ids)
    expect(idsIn(await list('/elements/3129/instances?searchText=beta'))).toEqual([three_])
    expect(idsIn(await list('/instances?tags[]=eu'))).toEqual([one, two])
    expect(idsIn(await list('/instances?tags[]=eu&tags[]=big'))).toEqual([one])
    expect(idsIn(await list('/instances?tags[]=big&searchText=ALPHA'))).toEqual([one])
    expect(idsIn(await list('/instances?searchText=pha%20t'))).toEqual([two])
    expect(idsIn(await list('/instances?searchText=&nextPage='))).toEqual(ids)
  })

  it('2/7 without a match, and for a user without instances, it is 404', async () => {
    for (const query of [
      '?tags[]=none',
      '?tags[]=eu&tags[]=us',
      '?searchText=none',
      '?searchText=%25',
      '?searchText=a_p',
    ]) {
      const reply = await list(`/instances${query}`)
      expect(reply.status, query).toBe(404)
      expect(reply.json.message).toBe('No instances found')
    }
    const nobody = await product.addMember('Calm', 'admin@calm.example')
    expect((await ask(`${product.url}/instances`, { headers: platform(nobody) })).status).toBe(404)
    expect((await list('/elements/nothing/instances')).status).toBe(404)
    expect((await list('/instances?searchText=%00')).status).toBe(400)
  })

  it('2/7 hydrate=false shows less of each', async () => {
    const reply = await list('/instances?hydrate=false')
    expect(reply.json).toHaveLength(3)
    for (const item of reply.json) {
      expect(LightInstanceReply.strict().safeParse(item).error?.issues ?? []).toEqual([])
      expect(item.token).toHaveLength(44)
    }
  })

  it('0/9 pages by token and by number, each instance once, the token absent on the last page', async () => {
    const seen: number[] = []
    let next: string | undefined = ''
    while (next !== undefined) {
      const reply: Answer = await list(`/instances?pageSize=2&nextPage=${next}`)
      expect(reply.headers['elements-returned-count']).toBe(String(reply.json.length))
      seen.push(...idsIn(reply))
      next = reply.headers['elements-next-page-token'] as string | undefined
    }
    expect(seen).toEqual(ids)
    const first = await list('/instances?tags[]=big&pageSize=1&hydrate=false')
    const alone = await list(`/instances?nextPage=${first.headers['elements-next-page-token']}`)
    expect(idsIn(alone)).toEqual([ids[2]])
    expect(alone.json[0]).not.toHaveProperty('configuration')
    expect(alone.headers).not.toHaveProperty('elements-next-page-token')
    expect(idsIn(await list('/instances?pageSize=2&page=2'))).toEqual([ids[2]])
    expect((await list('/instances?pageSize=2&page=3')).json).toEqual([])
    for (const query of ['pageSize=0', 'pageSize=5001', 'pageSize=x', 'page=0', 'nextPage=bm9uc2Vuc2U'])
      expect((await list(`/instances?${query}`)).status, query).toBe(400)
  })

  it('2/7 costs the same few SQL statements, however many there are', async () => {
    const statements = async (query: string): Promise<number> => {
      await product.context.instances.flushUses()
      await product.context.requestLog.flush()
      const before = product.context.statementCount()
      const writes = product.context.requestLog.writes()
      await list(query)
      await product.context.requestLog.flush()
      return product.context.statementCount() - before - (product.context.requestLog.writes() - writes)
    }
    await list('/instances')
    expect(await statements('/instances')).toBe(await statements('/instances?pageSize=1'))
    expect(await statements('/instances')).toBeLessThanOrEqual(3)
  })

  it('2/8 GET /instances/count', async () => {
    const reply = await list('/instances/count')
    expect(reply.json).toEqual({
      totalInstances: 3,
      elementInstances: [
        { elementId: 4933, elementKey: 'concur', elementName: 'SAP Concur', hub: 'expense', count: 3 },
      ],
    })
  })
})
