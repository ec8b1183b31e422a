import { expect, it } from 'vitest'
import { apples, onSmallVendor } from '../../test/support/small-vendor.ts'
import { beginning, type PagesInput } from './index.ts'

const { vendor, engine, connect } = await onSmallVendor()

const resource = apples({
  verbs: {
    search: { method: 'GET', path: '/apples', rows: 'list' },
    retrieve: { method: 'GET', path: '/apples/{id}' },
  },
  owner: { param: 'owner', field: 'Owner', everybody: 'ALL', configKey: 'x' },
  filters: [{ param: 'owner', means: 'equals', type: 'text' }],
})

/** Reads everybody's rows, then one of them. @returns whom the vendor was asked about then. */
const ownerAsked = async (id: string, input: PagesInput): Promise<string | undefined> => {
  vendor.answer(({ path }) => {
    const row = { ID: id, Owner: 'kim' }
    return { body: path.endsWith(`/${id}`) ? row : { list: [row] } }
  })
  const { connection } = connect(resource)
  for await (const _page of engine.pages(
    connection,
    resource,
    { where: "owner = 'ALL'", ...input },
    beginning,
  ));
  await engine.retrieveText(connection, resource, { id, given: {} }, '', false)
  return vendor
    .received()
    .at(-1)
    ?.query.find(([name]) => name === 'owner')?.[1]
}

it('whose a row is that was listed is told to the vendor when it is asked for', async () => {
  expect(await ownerAsked('a', {})).toBe('kim')
})

it('of a listing that is read to be kept elsewhere, nobody remembers whose its rows are', async () => {
  expect(await ownerAsked('b', { unnoted: true })).toBeUndefined()
})
