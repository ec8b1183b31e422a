import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, hub, platform } from '../support/client.ts'
import { loopbackAllowed } from '../support/events.ts'
import { connectMadeUp, madeUpElement } from '../support/made-up-element.ts'
import { type MadeUpVendor, startMadeUpVendor } from '../support/made-up-vendor.ts'
import { type Product, startProduct } from '../support/product.ts'

let vendor: MadeUpVendor
let product: Product
let token: string

const parameter = (name: string, type: string, more: object = {}) => ({
  ...{ name, vendorName: name, type, vendorType: type, source: 'request', dataType: 'string' },
  ...more,
})

const operation = (method: string, path: string, vendorPath: string, more: object) => ({
  ...{ description: `${method} ${path}`, method, path: `/hubs/crm${path}`, vendorMethod: method, vendorPath },
  ...{ type: 'api', rootKey: '|file', ...more },
})

const hook = (type: string, body: string) => ({ type, body, mimeType: 'application/javascript' })

const id = parameter('id', 'path', { required: true })

const file = (more: object = {}) =>
  parameter('file', 'multipart', { vendorName: 'upload', dataType: 'file', ...more })

const resources = [
  operation('GET', '/files', '/v1/files', { rootKey: '|files' }),
  operation('GET', '/files/{id}', '/v1/files/{id}', { parameters: [id] }),
  operation('POST', '/files', '/v1/files', {
    parameters: [
      file({ required: true }),
      parameter('folder', 'multipart'),
      parameter('note', 'form', { vendorName: 'remark', vendorType: 'multipart' }),
      parameter('draft', 'query', { vendorName: 'is_draft' }),
    ],
    hooks: [
      hook('preRequest', `done({ request_vendor_headers: { 'x-told': JSON.stringify(request_body) } })`),
      hook(
        'postRequest',
        'done(response_iserror ? {} : { response_body: { file: { ...response_body.file, seen: response_status_code } } })',
      ),
    ],
  }),
  operation('GET', '/files/{id}/content', '/v1/files/{id}/bytes', {
    ...{ parameters: [id], rootKey: '', response: { contentType: '*/*' } },
    hooks: [
      hook('preRequest', `done({ request_vendor_headers: { 'x-told': 'before' } })`),
      hook('postRequest', `done({ response_body: 'spoilt' })`),
    ],
  }),
  operation('PUT', '/files/{id}/content', '/v1/files/{id}', {
    parameters: [id, file({ vendorType: 'body', vendorName: 'body' })],
  }),
  operation('PUT', '/files/{id}/raw', '/v1/files/{id}', {
    parameters: [id, parameter('body', 'body', { dataType: 'file' })],
  }),
  operation('POST', '/notices', '/v1/files', {
    parameters: [file({ required: false }), parameter('title', 'multipart', { required: true })],
    hooks: [hook('preRequest', `done({ request_vendor_body: { ...request_vendor_body, by: 'hook' } })`)],
  }),
  operation('POST', '/people/{id}/photos', '/v1/files', {
    parameters: [file(), parameter('id', 'path', { vendorType: 'multipart', vendorName: 'person' })],
  }),
]

beforeAll(async () => {
  vendor = await startMadeUpVendor()
  product = await startProduct({ sandbox: { reports: 1 }, environment: loopbackAllowed })
  const element = madeUpElement(vendor.url)
  const whole = { ...element, resources: [...element.resources, ...resources] }
  ;({ token } = await connectMadeUp(product, whole))
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const send = (path: string, options: RequestInit = {}): Promise<Response> =>
  fetch(`${product.url}/hubs/crm${path}`, {
    ...options,
    headers: { ...hub(product.admin, token), ...(options.headers as Record<string, string> | undefined) },
  })

const formOf = (bytes: Uint8Array<ArrayBuffer>, name: string, type: string, texts: object = {}): FormData => {
  const form = new FormData()
  for (const [field, text] of Object.entries(texts)) form.set(field, String(text))
  form.set('file', new Blob([bytes], { type }), name)
  return form
}

const made = async (path: string, body: FormData, method = 'POST') => {
  const reply = await send(path, { method, body })
  const text = await reply.text()
  expect(reply.status, text).toBe(200)
  return JSON.parse(text)
}

const given = async (fileId: string) => {
  const reply = await send(`/files/${fileId}/content`)
  expect(reply.status).toBe(200)
  return { reply, bytes: Buffer.from(await reply.arrayBuffer()) }
}

const refusalIn = async (reply: Response) =>
  (await reply.json()) as { readonly message: string; readonly providerMessage?: string }

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text))

describe('a file that goes to a posted element', () => {
  it('is a part of a form, behind the texts beside it, and the answer is what the vendor says, after its hooks', async () => {
    const form = formOf(bytesOf('{"a":1}\n'), 'über "a".json', 'application/json', {
      ...{ folder: 'f/1', note: 'two\r\nlines', unheard: 'of' },
    })
    const row = await made('/files?draft=yes', form)
    expect(row).toMatchObject({ name: 'über "a".json', type: 'application/json', size: 8, seen: 201 })
    expect(row.texts).toEqual([
      ['folder', 'f/1'],
      ['remark', 'two\r\nlines'],
    ])
    const asked = vendor.seen.at(-1)
    expect(asked?.query).toEqual({ is_draft: 'yes' })
    const told = JSON.parse(String(asked?.headers['x-told']))
    expect(told).toEqual({ folder: 'f/1', note: 'two\r\nlines', unheard: 'of' })
    expect((await given(row.id)).bytes.toString()).toBe('{"a":1}\n')
  })

  it.each([
    ['of text', Buffer.from('plain text, ünïcode'), 'text/plain', 'a.txt'],
    ['of no bytes', Buffer.alloc(0), 'text/plain', 'empty.txt'],
    ['of 5 MB', randomBytes(5 * 1024 * 1024), 'application/x-own', 'large.bin'],
  ])('%s arrives and comes back as it was, with its type and name', async (_what, bytes, type, name) => {
    const row = await made('/files', formOf(new Uint8Array(bytes), name, type))
    expect(row).toMatchObject({ name, type, size: bytes.length, texts: [] })
    expect(vendor.seen.at(-1)?.headers['x-told']).toBe('null')
    const { reply, bytes: back } = await given(row.id)
    expect(back.equals(bytes)).toBe(true)
    expect(reply.headers.get('content-type')).toBe(type)
    expect(reply.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${name}`)
  })

  it('is the whole body where the vendor wants that, from a form or as it is', async () => {
    const { id: fileId } = await made('/files', formOf(bytesOf('old'), 'a.txt', 'text/plain'))
    const next = await made(
      `/files/${fileId}/content`,
      formOf(bytesOf('new'), 'b.md', 'text/markdown'),
      'PUT',
    )
    expect(next).toMatchObject({ id: fileId, type: 'text/markdown', size: 3 })
    expect((await given(fileId)).bytes.toString()).toBe('new')
    const raw = await send(`/files/${fileId}/raw`, {
      ...{ method: 'PUT', body: bytesOf('as it is'), headers: { 'content-type': 'image/x-own' } },
    })
    expect(raw.status, await raw.text()).toBe(200)
    expect(vendor.seen.at(-1)?.headers['content-type']).toBe('image/x-own')
    expect((await given(fileId)).bytes.toString()).toBe('as it is')
  })

  it('goes to a path of a row, and what the path says is a text beside it', async () => {
    const row = await made('/people/p1/photos', formOf(bytesOf('x'), 'p1.png', 'image/png'))
    expect(row).toMatchObject({ name: 'p1.png', texts: [['person', 'p1']] })
  })

  it('may be left out where it is not needed, and hooks change the texts beside it', async () => {
    const row = await made('/notices', formOf(bytesOf('x'), 'a.txt', 'text/plain', { title: 'One' }))
    expect(row.texts).toEqual([
      ['title', 'One'],
      ['by', 'hook'],
    ])
    const headers = { 'content-type': 'application/json' }
    const without = await send('/notices', { method: 'POST', body: '{"title":"Two"}', headers })
    expect((await refusalIn(without)).providerMessage).toBe('there is no upload')
    expect(vendor.seen.at(-1)?.text).toContain('name="title"\r\n\r\nTwo\r\n')
    const untitled = await send('/notices', { method: 'POST', body: formOf(bytesOf('x'), 'a', 'text/plain') })
    expect([untitled.status, (await refusalIn(untitled)).message]).toEqual([
      400,
      expect.stringContaining('title: it is needed in the form'),
    ])
  })

  it('is refused in the words of the vendor', async () => {
    const form = formOf(bytesOf('x'), 'a.txt', 'text/plain', { folder: 'closed' })
    const refused = await send('/files', { method: 'POST', body: form })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      providerMessage: 'the folder is closed',
      message: expect.stringContaining('422'),
    })
  })

  it('has to come, in a form, in its part, and alone', async () => {
    const lone = new FormData()
    lone.set('folder', 'f1')
    lone.set('other', new Blob(['x']), 'a.txt')
    const answers = [
      await send('/files', { method: 'POST', body: lone }),
      await send('/files', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }),
      await send('/files/f1/content', {
        method: 'PUT',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      }),
    ]
    const json = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }
    for (const path of ['/files', '/people/p1/photos']) answers.push(await send(path, json))
    expect(answers.map(({ status }) => status)).toEqual([400, 415, 415, 415, 415])
    const [missing, bare] = await Promise.all(answers.map(refusalIn))
    expect(missing?.message).toBe('file: it is needed in the form, and is the file.')
    expect(bare?.message).toContain("multipart/form-data) with the file as its part 'file'")
  })

  it('is refused where none is taken', async () => {
    const form = () => formOf(bytesOf('x'), 'a.txt', 'text/plain')
    const seen = vendor.seen.length
    const posted = await send('/people', { method: 'POST', body: form() })
    const patched = await send('/people/p1', { method: 'PATCH', body: form() })
    expect([posted.status, patched.status]).toEqual([415, 415])
    expect(vendor.seen).toHaveLength(seen)
  })
})

describe('a file that a posted element gives', () => {
  it('is asked for through the hooks before it, and not changed by those after it', async () => {
    const { id: fileId } = await made('/files', formOf(bytesOf('kept'), 'ü.txt', 'text/plain'))
    const { reply, bytes } = await given(fileId)
    expect(bytes.toString()).toBe('kept')
    expect(reply.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%BC.txt")
    expect(vendor.seen.at(-1)?.headers).toMatchObject({ 'x-told': 'before', accept: '*/*' })
  })

  it('that the vendor does not have is told in its words, as JSON', async () => {
    const missing = await send('/files/nothing/content')
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ providerMessage: 'no such file' })
  })

  it('leaves what is said of files as it is: a row and a listing are JSON', async () => {
    const listed = (await (await send('/files')).json()) as { id: string }[]
    expect(listed.length).toBeGreaterThan(0)
    const one = await send(`/files/${listed[0]?.id}`)
    expect(await one.json()).toMatchObject({ id: listed[0]?.id })
  })
})

describe('files of a posted element', () => {
  it('are shown by its documents: forms part by part, and what a file is', async () => {
    const headers = platform(product.admin)
    const swagger = (await ask(`${product.url}/elements/madeup/docs`, { headers })).json
    const { post } = swagger.paths['/files']
    expect(post.consumes).toEqual(['multipart/form-data'])
    const inForm = post.parameters.filter((one: { in: string }) => one.in === 'formData')
    expect(inForm).toMatchObject([
      { name: 'file', type: 'file', required: true },
      { name: 'folder', type: 'string', required: false },
      { name: 'note', type: 'string' },
    ])
    expect(post.parameters.map((one: { in: string }) => one.in)).not.toContain('body')
    expect(swagger.paths['/files/{id}/content'].get).toMatchObject({
      produces: ['*/*'],
      responses: { 200: { schema: { type: 'file' } } },
    })
    expect(swagger.paths['/files/{id}/raw'].put.consumes).toEqual(['*/*', 'multipart/form-data'])
    const open = (await ask(`${product.url}/elements/madeup/openapi`, { headers })).json
    expect(open.paths['/files'].post.requestBody.content['multipart/form-data'].schema).toMatchObject({
      properties: { file: { format: 'binary' }, folder: { type: 'string' } },
      required: ['file'],
    })
  })

  it('are told of before it is posted where they have no effect', async () => {
    const element = madeUpElement(vendor.url)
    const odd = [
      ...resources,
      operation('GET', '/odd', '/v1/files', { parameters: [file()], response: { contentType: 'text/csv' } }),
      operation('POST', '/odd', '/v1/files', { parameters: [file(), file({ name: 'second' })] }),
    ]
    const body = { ...element, name: 'Other', resources: [...element.resources, ...odd] }
    const headers = platform(product.admin)
    const preview = await ask(`${product.url}/elements/preview`, { headers, body })
    expect(preview.status, preview.text).toBe(200)
    const words = JSON.stringify(preview.json)
    expect(words).toContain('One file is handed on with a call: second is not sent.')
    expect(words).toContain('GET takes no file: file is not sent.')
    expect(words).toContain('It is not run: the answer is a file, and is handed on as it is.')
    expect(words).not.toContain('Files are not handed on')
  })
})
