import { expect, test } from 'vitest'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { openSocket, requestText, startTestServer } from './test-client.ts'

const path = '/elements/api-v2/x'

/** A dispatcher that holds calls to `/slow` until released, and tells when one begins. */
const gate = () => {
  let release: () => void = () => undefined
  let begun: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const beginning = new Promise<void>((resolve) => {
    begun = resolve
  })
  const signals: StopSignal[] = []
  const dispatch = async ({ segments, signal }: { segments: readonly string[]; signal: StopSignal }) => {
    if (segments[0] !== 'slow') return { body: 'quick' }
    signals.push(signal)
    begun()
    await released
    return { body: 'done' }
  }
  return { dispatch, release, beginning, signals }
}

const slow = requestText('GET /elements/api-v2/slow')

test('a running call finishes, while new calls get 503: on kept connections, new ones, and /health', async () => {
  const { dispatch, release, beginning } = gate()
  const { server, port, finishedCalls } = await startTestServer({ dispatch })
  const kept = await openSocket(port)
  kept.send(requestText(`GET ${path}`))
  expect((await kept.reply())?.status).toBe(200)
  const busy = await openSocket(port)
  busy.send(slow)
  await beginning

  const stopping = server.stop()
  kept.send(requestText(`GET ${path}`))
  const refused = await kept.reply()
  expect(refused?.status).toBe(503)
  expect(refused?.headers).toMatchObject({ connection: 'close', 'retry-after': '5' })
  expect(JSON.parse(refused?.body ?? '')).toMatchObject({
    code: 'stopping',
    retryable: true,
    requestId: refused?.headers['elements-request-id'],
  })
  expect(await kept.ended()).toBe('')
  const fresh = await openSocket(port)
  fresh.send(requestText('GET /health'))
  expect(await fresh.reply()).toMatchObject({ status: 503, body: '{"status":"stopping"}' })

  release()
  expect(await busy.reply()).toMatchObject({ status: 200, body: '"done"' })
  await stopping
  await server.stop()
  expect((await finishedCalls(4)).map(({ status }) => status)).toEqual([200, 503, 503, 200])
  for (const socket of [kept, busy, fresh]) socket.close()
})

test('a call that outlasts the deadline is aborted and answered with 503', async () => {
  const { dispatch, release, beginning, signals } = gate()
  const { server, port, finishedCalls } = await startTestServer({ dispatch, stopDeadlineMs: 50 })
  const socket = await openSocket(port)
  socket.send(slow)
  await beginning
  const stopping = server.stop()
  const reply = await socket.reply()
  expect(reply?.status).toBe(503)
  expect(JSON.parse(reply?.body ?? '')).toMatchObject({ code: 'stopping' })
  expect(signals[0]?.aborted).toBe(true)
  await stopping
  expect(await finishedCalls(1)).toMatchObject([{ status: 503, error: { code: 'stopping' } }])
  release()
  socket.close()
})

test('a stop closes silent connections and half-sent heads', async () => {
  const { server, port } = await startTestServer()
  const silent = await openSocket(port)
  const half = await openSocket(port)
  half.send('GET /elements/api-v2/x HT')
  await server.stop()
  await silent.ended()
  await half.ended()
  silent.close()
  half.close()
})

test('a server that never listened stops too', async () => {
  const { server } = await startTestServer()
  await Promise.all([server.stop(), server.stop()])
})

test('a client that leaves aborts its call, which is finished once with 499 and no error in the log', async () => {
  const { dispatch, release, beginning, signals } = gate()
  const { server, port, finishedCalls, finished, log } = await startTestServer({ dispatch })
  const socket = await openSocket(port)
  socket.send(slow)
  await beginning
  socket.close()
  expect(await finishedCalls(1)).toMatchObject([{ status: 499 }])
  expect(finished[0]).not.toHaveProperty('error')
  expect(signals[0]?.aborted).toBe(true)
  release()
  await server.stop()
  expect(finished).toHaveLength(1)
  expect(log).toEqual([])
})

test('a client that leaves with several pipelined calls finishes each once', async () => {
  const { dispatch, release, beginning } = gate()
  const { server, port, finishedCalls, finished } = await startTestServer({ dispatch })
  const socket = await openSocket(port)
  socket.send(slow + slow + requestText(`GET ${path}`))
  await beginning
  socket.close()
  const calls = await finishedCalls(3)
  expect(calls.map(({ status }) => status)).toEqual([499, 499, 499])
  release()
  await server.stop()
  expect(finished).toHaveLength(3)
})

test('a client that ends its own side has left: its call is aborted, which spares the vendor', async () => {
  const { dispatch, release, beginning } = gate()
  const { server, port, finishedCalls } = await startTestServer({ dispatch })
  const socket = await openSocket(port)
  socket.send(slow)
  await beginning
  socket.end()
  // A half-closed connection cannot be told from a closed one before something is written to it.
  expect(await finishedCalls(1)).toMatchObject([{ status: 499 }])
  release()
  await server.stop()
  socket.close()
})

test('a client that leaves in the middle of its body finishes the call with 499', async () => {
  const { server, port, finishedCalls, log } = await startTestServer()
  const socket = await openSocket(port)
  socket.send(requestText(`POST ${path}`, { Expect: '100-continue', 'Content-Length': '100' }, '{'))
  expect((await socket.reply({ interim: true }))?.status).toBe(100)
  socket.reset()
  expect(await finishedCalls(1)).toMatchObject([{ status: 499 }])
  await server.stop()
  expect(log).toEqual([])
})
