import { describe, expect, it } from 'vitest'
import type { PortReply, PortRequest, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { apples, onSmallVendor, type Received } from '../../test/support/small-vendor.ts'
import type { Access, Connection } from './connection.ts'

const { vendor, engine, connect } = await onSmallVendor()

/** What `run` gives with the port of a connection. */
const onPort = async <Value>(
  run: (port: VendorPort) => Promise<Value>,
  more: Partial<Connection> = {},
): Promise<Value> => {
  const got: Value[] = []
  const resource = apples({
    verbs: {
      retrieve: {
        kind: 'coded',
        method: 'GET',
        path: '/x',
        why: 'a test looks at the port',
        run: async (port) => {
          got.push(await run(port))
          return { ID: 'x' }
        },
      },
    },
  })
  const { connection } = connect(resource)
  await engine.retrieveText({ ...connection, ...more }, resource, { id: 'x' }, '', false)
  const [value] = got
  if (value === undefined) throw new Error('the port was not used')
  return value
}

const thrownBy = async (run: () => Promise<unknown>): Promise<AppError> => {
  try {
    await run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const signedBy = (access: Partial<Access>): Partial<Connection> => ({
  tokensOf: () => ({
    current: () => ({ authorization: '', baseUrl: vendor.url, version: 1, isAsked: true, ...access }),
    renew: () => Promise.resolve(null),
    uselessFor: () => undefined,
  }),
})

const get: PortRequest = { method: 'GET', path: '/p' }
const last = () => vendor.received().at(-1)

describe('a request whose reply is looked at, whatever it is', () => {
  it.each([
    [404, { message: 'gone' }, { message: 'gone' }],
    [500, '<html>', undefined],
    [302, '', undefined],
  ])('gives %s with its text, and the error that ask throws', async (status, body, parsed) => {
    vendor.answer(() => ({ status, headers: { 'orchard-id': 'c-1' }, body }))
    const [reply, error, thrown] = await onPort(async (port): Promise<[PortReply, AppError, AppError]> => {
      const exchanged = await port.exchange(get)
      return [exchanged, port.refusal(get, exchanged), await thrownBy(() => port.ask(get))]
    })
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    expect([reply.status, reply.text, reply.body]).toEqual([status, text, parsed])
    expect([error.code, error.message, error.details]).toEqual([thrown.code, thrown.message, thrown.details])
    expect(error.details.providerCorrelationId).toBe('c-1')
  })

  it('makes the error of a reply that was changed, without the secrets in it', async () => {
    vendor.answer(() => ({ status: 400, body: { message: 'no' } }))
    const error = await onPort(
      async (port) => {
        const reply = await port.exchange(get)
        return port.refusal(get, { ...reply, status: 404, text: '{"message":"no pear for open-sesame"}' })
      },
      { secrets: ['open-sesame'] },
    )
    expect([error.code, error.message]).toEqual([
      'provider-not-found',
      'Orchard answered 404: no pear for ***.',
    ])
  })

  it('says of a write that failed half-way that nobody knows what became of it', async () => {
    vendor.answer(() => ({ status: 502, body: {} }))
    const post: PortRequest = { method: 'POST', path: '/p', body: {} }
    const error = await onPort(async (port) => port.refusal(post, await port.exchange(post)))
    expect([error.details.unsure, error.message]).toEqual([
      true,
      expect.stringMatching(/look before you send/),
    ])
  })
})

describe('a body that is no JSON', () => {
  it('is a failure, unless it is accepted', async () => {
    vendor.answer(() => ({ body: 'plain words' }))
    for (const by of ['ask', 'exchange'] as const) {
      expect((await thrownBy(() => onPort((port) => port[by](get)))).code).toBe('provider-failed')
      const reply = await onPort((port) => port[by]({ ...get, accepts: 'any' }))
      expect([reply.status, reply.text, reply.body]).toEqual([200, 'plain words', undefined])
    }
  })
})

describe('where the token goes', () => {
  it.each([
    [{}, ['Scheme t', undefined, []]],
    [{ tokenIn: { query: 'key' } }, [undefined, undefined, [['key', 'a t&']]]],
    [
      { tokenIn: { query: 'key', prefix: 'p ' }, query: { a: '1' } },
      [
        undefined,
        undefined,
        [
          ['a', '1'],
          ['key', 'p a t&'],
        ],
      ],
    ],
    [{ tokenIn: { header: 'X-Token' } }, [undefined, 'a t&', []]],
    [{ tokenIn: { header: 'Authorization', prefix: 'Zz ' } }, ['Zz a t&', undefined, []]],
  ] as const)('is as the request says: %j', async (more, [authorization, xToken, query]) => {
    vendor.answer(() => ({ body: {} }))
    await onPort(
      (port) => port.ask({ ...get, ...more }),
      signedBy({ authorization: 'Scheme t', token: 'a t&' }),
    )
    const { headers, query: sent } = last() as Received
    expect([headers.authorization, headers['x-token'], sent]).toEqual([authorization, xToken, query])
  })

  it('is signed over the address, and over a body that is a form', async () => {
    vendor.answer(() => ({ body: {} }))
    const sign: Access['sign'] = (call) => Buffer.from(JSON.stringify(call)).toString('base64')
    const post = { method: 'POST', path: '/p', query: { a: 'b c' } } as const
    const contentType = 'application/x-www-form-urlencoded;charset=utf-8'
    for (const body of [{ text: { contentType, text: 'd=e+f' } }, { body: { d: 'e f' } }])
      await onPort((port) => port.ask({ ...post, ...body }), signedBy({ sign }))
    const url = `${vendor.url}/p?a=b+c`
    expect(
      vendor.received().map(({ headers }) => Buffer.from(String(headers.authorization), 'base64').toString()),
    ).toEqual([
      JSON.stringify({ method: 'POST', url, form: 'd=e+f' }),
      JSON.stringify({ method: 'POST', url }),
    ])
  })

  it('is nowhere where nothing signs, and a header of the element’s own stays', async () => {
    vendor.answer(() => ({ body: {} }))
    await onPort((port) => port.ask({ ...get, headers: { Authorization: 'Own way' } }), signedBy({}))
    expect(last()?.headers.authorization).toBe('Own way')
    await onPort((port) => port.ask(get), signedBy({}))
    expect(last()?.headers.authorization).toBeUndefined()
  })
})

describe('what a port sees of the configuration', () => {
  it('is what the connection gives', async () => {
    const all = await onPort(async (port) => port.configuration(), { configuration: () => ({ a: 'b' }) })
    expect(all).toEqual({ a: 'b' })
  })
})
