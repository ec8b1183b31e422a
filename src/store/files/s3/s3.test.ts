import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createOutbound, type Outbound } from '#src/outbound/index.ts'
import { type S3Asked, type S3Server, startS3Server } from '../../../../test/support/s3-server.ts'
import { signatureOf } from '../../../../test/support/s3-signature.ts'
import { createS3Files, type S3Place } from './index.ts'
import { rootOf } from './place.ts'
import { createSign } from './sign.ts'

const large = 6 * 2 ** 20

let server: S3Server
let outbound: Outbound
beforeAll(async () => {
  server = await startS3Server()
  outbound = createOutbound({ allow: [], allowFileOrigins: [server.endpoint] })
})
afterEach(() => server.interfere())
afterAll(async () => {
  await outbound?.close()
  await server?.close()
})

const filesOf = (change: Partial<S3Place> = {}) =>
  createS3Files({ ...server.place('there/'), ...change }, outbound.sendWithRetry)

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const isPart = ({ method, query }: S3Asked): boolean => method === 'PUT' && query.has('partNumber')
const isEnd = ({ method, query }: S3Asked): boolean => method === 'POST' && query.has('uploadId')

/** True for the first of that kind. */
const first = (is: (asked: S3Asked) => boolean) => {
  let done = false
  return (asked: S3Asked): boolean => {
    if (done || !is(asked)) return false
    done = true
    return true
  }
}

const xmlError = (code: string, more = ''): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Said by the store</Message>${more}</Error>`

describe('a store in S3', () => {
  it('sends again what broke off, was too much, or failed, and stores it once', async () => {
    const bytes = randomBytes(large)
    const cut = first(isPart)
    const slow = first(isPart)
    const failed = first(isEnd)
    server.interfere((asked) => {
      if (cut(asked)) return 'cut'
      if (slow(asked)) return { status: 503, body: xmlError('SlowDown') }
      return failed(asked) ? { status: 500, body: xmlError('InternalError') } : undefined
    })
    expect(await filesOf().put('again/file', once(bytes))).toBe(large)
    expect(await filesOf().stat('again/file')).toMatchObject({ bytes: large })
  })

  it('takes a file for stored whose last answer was lost', async () => {
    const lost = first(isEnd)
    server.interfere((asked) => (lost(asked) ? { after: 'cut' } : undefined))
    const forgotten = (asked: S3Asked) => isEnd(asked) && { status: 404, body: xmlError('NoSuchUpload') }
    const put = filesOf().put('lost/file', once(randomBytes(large)))
    await expect.poll(() => server.keys()).toContain('there/lost/file')
    server.interfere((asked) => forgotten(asked) || undefined)
    expect(await put).toBe(large)
  })

  it('gives up an upload that the store took and then failed, and leaves nothing of it', async () => {
    server.interfere((asked) => (isEnd(asked) ? { status: 200, body: xmlError('InternalError') } : undefined))
    await expect(filesOf().put('half/file', once(randomBytes(large)))).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('Said by the store'),
    })
    expect([server.begun(), await filesOf().stat('half/file')]).toEqual([[], undefined])
  })

  it('finds and removes what a process that was cut off has left half-way', async () => {
    const cut = new Error('cut off')
    const dying = async function* () {
      yield randomBytes(large)
      // As when the process ends: nothing is given up any more.
      server.interfere(({ method }) => (method === 'DELETE' ? { status: 501 } : undefined))
      throw cut
    }
    await expect(filesOf().put('left/1/upload', dying())).rejects.toBe(cut)
    server.interfere()
    expect(server.begun()).toEqual(['there/left/1/upload'])
    expect([...(await filesOf().list('left'))]).toEqual(['1'])
    expect((await filesOf().stat('left/1'))?.at.getTime()).toBeGreaterThan(Date.now() - 60_000)
    await filesOf().remove('left/1')
    expect([server.begun(), await filesOf().stat('left/1')]).toEqual([[], undefined])
  })

  it('reads every page of a long list', async () => {
    const page = (asked: S3Asked) => {
      if (asked.method !== 'GET' || !asked.query.has('list-type')) return undefined
      const second = asked.query.get('continuation-token') === 'more & "more"'
      const names = second ? ['c', 'd'] : ['a', 'b']
      const rows = names.map(
        (name) =>
          `<Contents><Key>there/long/${name}</Key><LastModified>2026-01-0${second ? 2 : 1}T00:00:00.000Z</LastModified></Contents>`,
      )
      const next = second ? '' : '<NextContinuationToken>more &amp; &#34;more&#x22;</NextContinuationToken>'
      const body = `<ListBucketResult><IsTruncated>${!second}</IsTruncated>${next}${rows.join('')}</ListBucketResult>`
      return { status: 200, body }
    }
    server.interfere(page)
    expect(await filesOf().list('long')).toEqual(['a', 'b', 'c', 'd'])
    expect(await filesOf().stat('long')).toEqual({ bytes: 0, at: new Date('2026-01-02') })
  })

  it('does without the requests about parts that some stores lack', async () => {
    server.interfere(({ method, query }) => {
      if (method === 'GET' && query.has('uploads')) return { status: 501, body: xmlError('NotImplemented') }
      return method === 'DELETE' && query.has('uploadId') ? { status: 405 } : undefined
    })
    await filesOf().put('plain/1/a', once(Buffer.from('a')))
    await filesOf().remove('plain/1')
    expect(await filesOf().list('plain')).toEqual([])
  })

  it('tells who does not answer, and that it may pass', async () => {
    server.interfere(() => 'cut')
    await expect(filesOf().stat('any/file')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringMatching(
        /^The store of bulk files \(BULK_STORE\) at 127\.0\.0\.1:\d+ does not answer/,
      ),
      details: { retryable: true, hop: 'amalgam' },
    })
  })

  it('gives its place one name for all that open it, at whatever address', async () => {
    const [one, two] = [await filesOf().open(), await filesOf().open()]
    const elsewhere = await filesOf({ prefix: 'elsewhere/' }).open()
    expect([one, two === one, elsewhere === one]).toEqual([
      expect.stringMatching(/^[\da-f-]{36}$/),
      true,
      false,
    ])
  })
})

describe('a store in S3 that cannot be used says at the start what is wrong and how to mend it', () => {
  const said = (change: Partial<S3Place> = {}): Promise<string> =>
    filesOf(change)
      .open()
      .then(
        () => 'opened',
        (error: Error) => `${error.name}: ${error.message}`,
      )

  it('where there is no such bucket', async () => {
    expect(await said({ bucket: 'not-there' })).toMatch(
      /^StartError: BULK_STORE: s3:\/\/not-there\/there\/ at 127.+ there is no such bucket\. Make it/,
    )
  })

  it.each([
    ['id', { accessKeyId: 'NOBODY', secretAccessKey: 'S3RVER' }, 'InvalidAccessKeyId'],
    ['secret', { accessKeyId: 'S3RVER', secretAccessKey: 'wrong-secret' }, 'SignatureDoesNotMatch'],
  ])('where the %s of the key is wrong, and never shows it', async (_part, wrong, code) => {
    const words = await said({ credentials: { ...wrong, sessionToken: 'a-session-token' } })
    expect(words).toMatch(/^StartError: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: /)
    expect(words).toContain(code)
    expect(words).toContain('The key is ***')
    expect(words).not.toMatch(/wrong-secret|a-session-token|Signature=/)
  })

  it.each([
    [
      'denies',
      403,
      xmlError('AccessDenied'),
      /^StartError: BULK_STORE: .+ refuses .+Allow this key s3:ListBucket,/,
    ],
    [
      'is in another region',
      301,
      xmlError('PermanentRedirect', '<Region>eu-west-1</Region>'),
      /^StartError: AWS_REGION: .+ is in eu-west-1, not in us-east-1\. Set AWS_REGION=eu-west-1/,
    ],
    ['has another time', 403, xmlError('RequestTimeTooSkewed'), /clock is wrong/],
    ['is something else', 418, 'I am a teapot', /cannot be used \(418\)\. Correct BULK_STORE/],
  ])('where it %s', async (_what, status, body, words) => {
    server.interfere(() => ({ status, body }))
    expect(await said()).toMatch(words)
  })

  it('where nobody answers', async () => {
    expect(await said({ endpoint: 'http://127.0.0.1:9' })).toMatch(
      /^StartError: BULK_STORE: .+ at 127\.0\.0\.1:9 cannot be reached: .+AWS_ENDPOINT_URL_S3/,
    )
  })

  it('where its package was left out of the installation', async () => {
    const absent = () => Promise.reject(Object.assign(new Error('absent'), { code: 'ERR_MODULE_NOT_FOUND' }))
    await expect(createSign(server.place(''), absent)).rejects.toThrow(
      /BULK_STORE: .+aws4fetch.+npm ci --include=optional/,
    )
  })
})

it('a bucket has an address of its own at Amazon, and a path elsewhere or where its name has dots', () => {
  const of = (change: Partial<S3Place>): string =>
    rootOf({ ...server.place(''), endpoint: undefined, bucket: 'mine', region: 'eu-west-1', ...change })
  expect([
    of({}),
    of({ region: 'cn-north-1' }),
    of({ bucket: 'mine.too' }),
    of({ endpoint: 'https://minio.example.com:9000/' }),
  ]).toEqual([
    'https://mine.s3.eu-west-1.amazonaws.com',
    'https://mine.s3.cn-north-1.amazonaws.com.cn',
    'https://s3.eu-west-1.amazonaws.com/mine.too',
    'https://minio.example.com:9000/mine',
  ])
})

it('the signatures that tests demand are those of the documents of Amazon S3', () => {
  // "Example: GET Object" of the page that signatureOf follows.
  const headers = {
    ...{ host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9', 'x-amz-date': '20130524T000000Z' },
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  }
  const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${signature}`
  const request = { method: 'GET', target: '/test.txt', headers: { ...headers, authorization } }
  expect(signatureOf(request, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(signature)
})
