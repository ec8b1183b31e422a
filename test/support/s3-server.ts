import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { S3Place } from '#src/store/index.ts'
import { isSigned, readSignature } from './s3-signature.ts'

/** A request as it came to the store. */
export interface S3Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}

/** How a request is answered in place of the store; `cut`: the connection breaks. */
export type S3Answer = { readonly status: number; readonly body?: string } | 'cut'

export interface S3Server {
  readonly endpoint: string
  readonly bucket: string
  /** What a product needs to use it, below a prefix. */
  readonly environment: (prefix: string) => Record<string, string>
  /** The same for a store of files alone. */
  readonly place: (prefix: string) => S3Place
  readonly asked: readonly S3Asked[]
  /** Decides over each request that comes from now on; undefined: the store answers. After: once it has answered. */
  readonly interfere: (how?: (asked: S3Asked) => S3Answer | { readonly after: S3Answer } | undefined) => void
  /** Keys of the bucket, sorted. */
  readonly keys: () => Promise<readonly string[]>
  /** The bytes of an object, as they lie there. */
  readonly read: (key: string) => Promise<Buffer>
  /** Begins an upload of parts that nobody goes on with, as a process does that is cut off. */
  readonly begin: (key: string) => void
  /** Keys of uploads of parts that were neither completed nor given up. */
  readonly begun: () => readonly string[]
  readonly close: () => Promise<void>
}

const bucket = 'amalgam-files'
/** The key that s3rver knows. */
const key = { id: 'S3RVER', secret: 'S3RVER' }

const bodyOf = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const xml = (text: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${text}`

/** The uploads of parts that are not complete, which s3rver neither lists nor forgets (API of S3, 2006-03-01). */
const createBegun = () => {
  const begun = new Map<string, { readonly key: string; readonly at: string }>()
  const keyIn = (path: string): string => decodeURIComponent(path.slice(`/${bucket}/`.length))
  return {
    add: (key: string): void => {
      begun.set(`forgotten-${begun.size}`, { key, at: new Date().toISOString() })
    },
    keys: (): readonly string[] => [...begun.values()].map((one) => one.key),
    note: ({ method, path, query }: S3Asked, status: number, body: string): void => {
      if (method !== 'POST' || status !== 200) return
      const id = /<UploadId>([^<]+)</.exec(body)?.[1]
      if (query.has('uploads') && id !== undefined)
        begun.set(id, { key: keyIn(path), at: new Date().toISOString() })
      else if (query.has('uploadId')) begun.delete(query.get('uploadId') ?? '')
    },
    answer: ({ method, query }: S3Asked): S3Answer | undefined => {
      if (method === 'DELETE' && query.has('uploadId'))
        return { status: begun.delete(query.get('uploadId') ?? '') ? 204 : 404 }
      if (method !== 'GET' || !query.has('uploads')) return undefined
      const prefix = query.get('prefix') ?? ''
      const rows = [...begun].filter(([, one]) => one.key.startsWith(prefix))
      const uploads = rows.map(
        ([id, one]) =>
          `<Upload><Key>${one.key}</Key><UploadId>${id}</UploadId><Initiated>${one.at}</Initiated></Upload>`,
      )
      const body = `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated>${uploads.join('')}</ListMultipartUploadsResult>`
      return { status: 200, body: xml(body) }
    },
  }
}

const forward = async (port: number, incoming: IncomingMessage, body: Buffer) => {
  const call = request({
    ...{ host: '127.0.0.1', port, method: incoming.method, path: incoming.url, agent: false },
    headers: incoming.headers,
  })
  call.end(body)
  const [reply] = (await once(call, 'response')) as [IncomingMessage]
  return { status: reply.statusCode ?? 0, headers: reply.headers, body: await bodyOf(reply) }
}

const answerWith = (response: ServerResponse, answer: S3Answer): void => {
  if (answer === 'cut') {
    response.destroy()
    return
  }
  response.writeHead(answer.status, { 'content-type': 'application/xml' })
  response.end(answer.body ?? '')
}

/** s3rver believes every signature of this version: so they are checked before it. */
const refusalOf = (
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
): S3Answer | undefined => {
  const refuse = (code: string): S3Answer => ({
    status: 403,
    body: xml(`<Error><Code>${code}</Code><Message>The key is ${headers.authorization}</Message></Error>`),
  })
  if (headers.authorization === undefined) return refuse('AccessDenied')
  if (readSignature(headers.authorization).keyId !== key.id) return refuse('InvalidAccessKeyId')
  return isSigned({ method, target: url, headers }, body, key.secret)
    ? undefined
    : refuse('SignatureDoesNotMatch')
}

/**
 * A store that speaks S3, over a socket: s3rver with one bucket, and before it a front that checks signatures, notes
 * what is asked and fails when a test says so.
 */
export const startS3Server = async (): Promise<S3Server> => {
  const directory = await mkdtemp(join(tmpdir(), 'amalgam-s3-'))
  const inner = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory, vhostBuckets: false, resetOnClose: false },
    configureBuckets: [{ name: bucket, configs: [] }],
  })
  const { port: innerPort } = await inner.run()
  const begun = createBegun()
  const asked: S3Asked[] = []
  let interferes: Parameters<S3Server['interfere']>[0]

  const take = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://front')
    const one: S3Asked = { method: incoming.method ?? '', path: url.pathname, query: url.searchParams }
    asked.push(one)
    const body = await bodyOf(incoming)
    const refusal = refusalOf(incoming, body)
    if (refusal !== undefined) return answerWith(response, refusal)
    const verdict = interferes?.(one)
    if (verdict !== undefined && (verdict === 'cut' || !('after' in verdict)))
      return answerWith(response, verdict)
    const own = begun.answer(one)
    if (own !== undefined) return answerWith(response, own)
    const reply = await forward(innerPort, incoming, body)
    begun.note(one, reply.status, reply.body.toString('utf8'))
    if (verdict !== undefined) return answerWith(response, verdict.after)
    response.writeHead(reply.status, reply.headers)
    response.end(reply.body)
  }
  const front = createServer((incoming, response) => {
    take(incoming, response).catch(() => response.destroy())
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const endpoint = `http://127.0.0.1:${(front.address() as AddressInfo).port}`

  return {
    endpoint,
    bucket,
    environment: (prefix) => ({
      ...{ BULK_STORE: `s3://${bucket}/${prefix}`, AWS_ENDPOINT_URL_S3: endpoint },
      ...{ AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret },
    }),
    place: (prefix) => ({
      ...{ bucket, prefix, endpoint, region: 'us-east-1' },
      credentials: { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: undefined },
    }),
    asked,
    interfere: (how) => {
      interferes = how
    },
    keys: async () => {
      const below = await readdir(join(directory, bucket), { recursive: true, withFileTypes: true })
      return below
        .filter((entry) => entry.isFile() && entry.name.endsWith('._S3rver_object'))
        .map((entry) => join(entry.parentPath, entry.name).slice(join(directory, bucket).length + 1))
        .map((path) => path.replace(/\._S3rver_object$/, ''))
        .toSorted()
    },
    read: (name) => readFile(join(directory, bucket, `${name}._S3rver_object`)),
    begin: begun.add,
    begun: begun.keys,
    close: async () => {
      front.closeAllConnections()
      front.close()
      await inner.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
