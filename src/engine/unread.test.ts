import { describe, expect, it } from 'vitest'
import type { Resource, WriteGuard } from '#src/element/index.ts'
import { apples, onSmallVendor } from '../../test/support/small-vendor.ts'

const { vendor, engine, connect } = await onSmallVendor()

const newId = { kind: 'field', name: 'newId' } as const
const verbs = {
  retrieve: { method: 'GET', path: '/apples/{id}' },
  create: { method: 'POST', path: '/apples', newId },
  update: { method: 'PUT', path: '/apples/{id}' },
} as const
const how = { unread: true } as const

const sent = () => vendor.received().map(({ method, path }) => `${method} ${path}`)
const create = (resource: Resource) =>
  engine.create(connect(resource).connection, resource, { Name: 'x' }, {}, how)

const guard = (more: Partial<WriteGuard>): WriteGuard => ({
  why: 'to test it',
  refused: () => Promise.resolve(undefined),
  written: () => Promise.resolve(undefined),
  ...more,
})

describe('a write that is not to be read back', () => {
  it('is one call, and its answer has the id alone', async () => {
    const resource = apples({ verbs })
    vendor.answer(() => ({ body: { newId: 'a' } }))
    expect(await create(resource)).toEqual({ row: { id: 'a', ID: 'a' }, ignored: [] })
    const { connection } = connect(resource)
    const changed = await engine.update(connection, resource, { id: 'b' }, { Name: 'y' }, how)
    expect(changed).toEqual({ row: { id: 'b', ID: 'b' }, ignored: [] })
    expect(sent()).toEqual(['POST /apples', 'PUT /apples/b'])
  })

  it('is read back where a guard has something to look at in it, and only there', async () => {
    vendor.answer(({ method }) => ({ body: method === 'POST' ? { newId: 'a' } : { ID: 'a' } }))
    await create(apples({ verbs, guard: guard({ looksAt: () => false }) }))
    expect(sent()).toEqual(['POST /apples'])
    const lost = apples({ verbs, guard: guard({ written: () => Promise.resolve('Name was not kept.') }) })
    await expect(create(lost)).rejects.toMatchObject({ message: 'Name was not kept.' })
    expect(sent().slice(1)).toEqual(['POST /apples', 'GET /apples/a'])
  })

  it('is done, whatever fails while its guard looks', async () => {
    vendor.answer(({ method, path }) =>
      path === '/lists' ? { status: 404 } : { body: method === 'POST' ? { newId: 'a' } : { ID: 'a' } },
    )
    const written: WriteGuard['written'] = async (port) => {
      await port.ask({ method: 'GET', path: '/lists' })
      return undefined
    }
    const made = await create(apples({ verbs, guard: guard({ written }) }))
    expect(made).toMatchObject({
      row: { ID: 'a' },
      unread: expect.stringContaining('written, but not looked at: '),
    })
  })
})

describe('a write of which nobody knows whether it was done', () => {
  type Run = Extract<NonNullable<Resource['verbs']['create']>, { run: unknown }>['run']
  const codedBy = (run: Run): Resource =>
    apples({
      verbs: { ...verbs, create: { kind: 'coded', why: 'to test it', method: 'POST', path: '/apples', run } },
    })

  it('says so where a later call of several fails, and not where the first does', async () => {
    const resource = codedBy(async (port) => {
      await port.ask({ method: 'POST', path: '/apples' })
      await port.ask({ method: 'POST', path: '/pips' })
      return 'a'
    })
    vendor.answer(({ path }) => (path === '/pips' ? { status: 400 } : { body: {} }))
    await expect(create(resource)).rejects.toMatchObject({ details: { unsure: true, retryable: false } })
    vendor.answer(() => ({ status: 400 }))
    const first = await create(resource).catch((error: unknown) => error)
    expect(first).toMatchObject({ details: { providerStatus: 400 } })
    expect(first).not.toHaveProperty('details.unsure')
  })

  it('says so where the reply names no id', async () => {
    vendor.answer(() => ({ body: {} }))
    await expect(create(apples({ verbs }))).rejects.toMatchObject({ details: { unsure: true } })
  })
})
