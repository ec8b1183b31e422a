import { createHash, type Hash } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, hub } from '../../support/client.ts'
import { type DavServer, noDavServer, startDavServer } from '../../support/dav-server.ts'
import { connectDav, done } from '../../support/documents.ts'
import { forgetPeak, peakMb, residentMb } from '../../support/resident.ts'
import { openInstallation } from '../support/installation.ts'
import { randomOf } from '../support/random.ts'
import { proofRun } from '../support/run.ts'

const proof = proofRun('documents')
const fullBytes = 1024 * 1024 * 1024
const pieceBytes = 1024 * 1024

if (noDavServer !== undefined) proof.say(`left out: ${noDavServer}`)

/** How much more may be resident than for a file of a few megabytes. */
const mostMoreMb = 64

describe.skipIf(noDavServer !== undefined)('a large file', () => {
  let dav: DavServer
  let installation: Awaited<ReturnType<typeof openInstallation>>
  let headers: Readonly<Record<string, string>>

  beforeAll(async () => {
    dav = await startDavServer()
    installation = await openInstallation({
      ...{ OUTBOUND_ALLOW: '127.0.0.1', VENDOR_TIMEOUT_SECONDS: '600', QUERY_MAX_SECONDS: '3600' },
    })
    const { url } = installation.first
    const made = done(await connectDav({ url, admin: installation.admin }, dav))
    headers = hub(installation.admin, made.json.token)
  }, proof.timeoutMs)
  afterAll(async () => {
    await installation?.close()
    await dav?.close()
  })

  const address = (path: string) =>
    `${installation.first.url}/hubs/documents/files?path=${encodeURIComponent(path)}`

  /** Bytes that no compression makes fewer, each piece another. */
  async function* piecesOf(bytes: number, hash: Hash): AsyncGenerator<Buffer> {
    const random = randomOf(proof.seed, 'documents', 0)
    const piece = Buffer.from(Array.from({ length: pieceBytes }, () => random.int(256)))
    for (let left = bytes; left > 0; left -= pieceBytes) {
      piece.writeUInt32LE(left % 0xffffffff, 0)
      const part = Buffer.from(piece.subarray(0, Math.min(left, pieceBytes)))
      hash.update(part)
      yield part
    }
  }

  const reply = (path: string, method: string, more: Readonly<Record<string, string>>) => {
    const call = request(address(path), { method, agent: false, headers: { ...headers, ...more } })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      call.once('response', resolve).once('error', reject)
    })
    return { call, answered }
  }

  const textOf = async (incoming: IncomingMessage): Promise<string> => {
    let text = ''
    for await (const chunk of incoming) text += String(chunk)
    return text
  }

  const upload = async (path: string, bytes: number): Promise<string> => {
    const hash = createHash('sha256')
    const head = `--proof\r\ncontent-disposition: form-data; name="file"; filename="large"\r\n\r\n`
    const foot = '\r\n--proof--\r\n'
    const { call, answered } = reply(path, 'POST', {
      'content-type': 'multipart/form-data; boundary=proof',
      'content-length': String(head.length + bytes + foot.length),
    })
    const form = async function* () {
      yield Buffer.from(head)
      yield* piecesOf(bytes, hash)
      yield Buffer.from(foot)
    }
    const [incoming] = await Promise.all([answered, pipeline(form(), call)])
    const text = await textOf(incoming)
    expect(incoming.statusCode, text).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ path, size: bytes })
    return hash.digest('hex')
  }

  const download = async (path: string, bytes: number): Promise<string> => {
    const { call, answered } = reply(path, 'GET', {})
    call.end()
    const incoming = await answered
    expect([incoming.statusCode, incoming.headers['content-length']]).toEqual([200, String(bytes)])
    const hash = createHash('sha256')
    for await (const chunk of incoming) hash.update(chunk as Buffer)
    return hash.digest('hex')
  }

  /** Up and down. @returns the peak of the server's resident memory meanwhile, in MB. */
  const upAndDown = async (path: string, bytes: number): Promise<number> => {
    forgetPeak(installation.first.pid)
    const sent = await upload(path, bytes)
    expect(await download(path, bytes)).toBe(sent)
    return peakMb(installation.first.pid)
  }

  it(
    'goes up and comes down with the same SHA-256, in memory that does not grow with it',
    async () => {
      const bytes = proof.share(fullBytes)
      const { pid } = installation.first
      await upAndDown('/small 1.bin', 4 * pieceBytes)
      const small = await upAndDown('/small 2.bin', 4 * pieceBytes)
      const beginMs = performance.now()
      const large = await upAndDown('/large.bin', bytes)
      const seconds = (performance.now() - beginMs) / 1000
      const mb = (value: number): string => value.toFixed(0)
      proof.say(
        `${mb(bytes / pieceBytes)} MB up and down in ${seconds.toFixed(1)} s; resident ${mb(residentMb(pid))} MB, peak ${mb(large)} MB, of 4 MB ${mb(small)} MB`,
      )
      expect(large - small).toBeLessThan(mostMoreMb)
      const removed = await ask(address('/large.bin'), { method: 'DELETE', headers })
      expect(removed.status, removed.text).toBe(200)
    },
    proof.timeoutMs,
  )
})
