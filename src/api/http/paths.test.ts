import { afterEach, expect, test } from 'vitest'
import { wrongVerb } from './errors.ts'
import type { HttpServerOptions } from './server.ts'
import {
  exchange,
  type RawReply,
  requestText,
  startTestServer,
  type TestServer,
  type TestTrace,
} from './test-client.ts'

let running: TestServer | undefined

const start = async (options: Partial<HttpServerOptions<TestTrace>> = {}): Promise<TestServer> => {
  running = await startTestServer(options)
  return running
}

afterEach(async () => {
  await running?.server.stop()
  running = undefined
})

const base = '/elements/api-v2'
const exposed =
  'Elements-Returned-Count, Elements-Total-Count, Elements-Request-Id, Elements-Next-Page-Token, Elements-Trace-Id, Elements-Error, Content-Disposition'

const failure = ({ body }: RawReply): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>

test('a request with Origin may be read from every origin, errors too; one without gets no such header', async () => {
  const { port } = await start()
  for (const path of [`${base}/x`, `${base}/%zz`, '/nowhere', '/health']) {
    const reply = await exchange(port, requestText(`GET ${path}`, { Origin: 'https://app.example' }))
    expect(reply.headers['access-control-allow-origin']).toBe('*')
    expect(reply.headers['access-control-expose-headers']).toBe(exposed)
    expect(reply.headers).not.toHaveProperty('access-control-allow-credentials')
  }
  const plain = await exchange(port, requestText(`GET ${base}/x`))
  expect(Object.keys(plain.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('a preflight is answered 200 without the dispatcher, echoing the headers asked for', async () => {
  const { port } = await start({ dispatch: () => Promise.reject(new Error('must not be called')) })
  const reply = await exchange(
    port,
    requestText(`OPTIONS ${base}/reports`, {
      Origin: 'https://app.example',
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization, content-type',
    }),
  )
  expect(reply).toMatchObject({ status: 200, body: '' })
  expect(reply.headers['access-control-allow-methods']).toContain('PATCH')
  expect(reply.headers['access-control-allow-headers']).toBe('authorization, content-type')
  expect(Number(reply.headers['access-control-max-age'])).toBeGreaterThan(0)
  expect(reply.headers['access-control-allow-origin']).toBe('*')
})

test.each([`${base}/reports`, '*', '/'])('a plain OPTIONS %s is 200 with Allow', async (target) => {
  const { port } = await start()
  const reply = await exchange(port, requestText(`OPTIONS ${target}`))
  expect(reply.status).toBe(200)
  expect(reply.headers['allow']).toBe('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS')
})

test('Accept without JSON is 406, before anything is done', async () => {
  const { port } = await start({ dispatch: () => Promise.reject(new Error('must not be called')) })
  const reply = await exchange(port, requestText(`POST ${base}/x`, { Accept: 'text/html' }, '{}'))
  expect(reply.status).toBe(406)
  expect(failure(reply)).toMatchObject({ code: 'not-acceptable' })
})

test.each(['TRACE', 'PROPFIND', 'LOCK', 'BREW', 'get'])('the verb %s is 405 with Allow', async (verb) => {
  const { port } = await start()
  const reply = await exchange(port, requestText(`${verb} ${base}/x`))
  expect(reply.status).toBe(405)
  expect(reply.headers['allow']).toBe('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS')
  expect(failure(reply)).toMatchObject({
    code: 'wrong-verb',
    requestId: reply.headers['elements-request-id'],
  })
})

test("a dispatcher's wrongVerb carries the verbs of its path in Allow", async () => {
  const { port } = await start({
    dispatch: ({ method, path }) => Promise.reject(wrongVerb(method, path, ['GET'])),
  })
  const reply = await exchange(port, requestText(`PUT ${base}/elements`, {}, '{}'))
  expect(reply.status).toBe(405)
  expect(reply.headers['allow']).toBe('GET, HEAD, OPTIONS')
})

test.each(['%', '%zz', '%ff', '%00', 'a%0ab', '..', '%2e%2e/x'])(
  'the path part %s is 400 in JSON and finished as such',
  async (part) => {
    const { port, finishedCalls } = await start()
    const reply = await exchange(port, requestText(`GET ${base}/${part}`))
    expect(reply.status).toBe(400)
    expect(failure(reply)).toMatchObject({ code: 'bad-request' })
    expect((await finishedCalls(1))[0]).toMatchObject({ status: 400, error: { code: 'bad-request' } })
  },
)

test.each(['/', '/elements', '/elements/api-v22', '/favicon.ico', '/%zz'])(
  'the path %s is 404 and tells where the API is',
  async (path) => {
    const { port, finishedCalls } = await start()
    const reply = await exchange(port, requestText(`GET ${path}`))
    expect(reply.status).toBe(404)
    expect(failure(reply)['message']).toContain('/elements/api-v2')
    expect((await finishedCalls(1))[0]).toMatchObject({ area: 'outside', status: 404 })
  },
)

test('other routes serve paths outside the API', async () => {
  const { port } = await start({
    otherRoutes: async ({ path }) =>
      path === '/page'
        ? { status: 200, headers: { 'content-type': 'text/html' }, payload: '<p>hi</p>' }
        : undefined,
  })
  const page = await exchange(port, requestText('GET /page'))
  expect(page).toMatchObject({ status: 200, body: '<p>hi</p>' })
  expect(page.headers['content-type']).toBe('text/html')
  expect(page.headers['elements-request-id']).toMatch(/^[0-9a-f]{24}$/)
  expect((await exchange(port, requestText('GET /other'))).status).toBe(404)
})

test('GET /health says ok, and other verbs on it are 405', async () => {
  const { port, finishedCalls } = await start()
  expect(await exchange(port, requestText('GET /health'))).toMatchObject({
    status: 200,
    body: '{"status":"ok"}',
  })
  const wrong = await exchange(port, requestText('POST /health', {}, '{}'))
  expect(wrong.status).toBe(405)
  expect(wrong.headers['allow']).toBe('GET, HEAD, OPTIONS')
  expect((await finishedCalls(2)).map(({ area }) => area)).toEqual(['health', 'health'])
})
