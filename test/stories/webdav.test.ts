import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, hub } from '../support/client.ts'
import { noDavServer } from '../support/dav-server.ts'
import { connectDav, done, fileForm, idOf } from '../support/documents.ts'
import { onDocuments } from '../support/documents-stage.ts'

const stage = onDocuments()

const call: typeof stage.call = (path, options) => stage.call(path, options)

const put = (path: string, bytes: Uint8Array | string, query: Readonly<Record<string, string>> = {}) =>
  call('/files', { ...fileForm(Buffer.from(bytes)), query: { path, ...query } })

const get = (path: string) => call('/files', { query: { path } })

describe.skipIf(noDavServer !== undefined)('the documents hub on Apache', () => {
  it.each([
    ['/a.txt', 12],
    ['/nothing.bin', 0],
    ['/large.bin', 1024 * 1024],
    ['/in a folder/with blanks.txt', 100],
    ['/Übersicht/größe — ñ 文.txt', 100],
    ['/signs/#1 50% & more?+=;,@:[x].txt', 100],
    ['/signs/\'quoted\' "name" <b>!(2)*~$.txt', 100],
    ['/signs/%41%2F.txt', 100],
  ])('13/8 %s comes back as it was posted', async (path, length) => {
    const bytes = randomBytes(length)
    const made = done(await put(path, bytes)).json
    expect(made).toMatchObject({
      path,
      name: path.split('/').at(-1),
      size: length,
      directory: false,
      tags: [],
    })
    expect(made.id).toBe(idOf(path))
    expect(made.modifiedDate).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const byPath = done(await get(path))
    expect(byPath.bytes.equals(bytes)).toBe(true)
    const byId = done(await call(`/files/${made.id}`))
    expect(byId.bytes.equals(bytes)).toBe(true)
    const fileName = String(byId.headers['content-disposition']).replace(
      /^attachment; filename\*=UTF-8''/,
      '',
    )
    expect(decodeURIComponent(fileName)).toBe(made.name)
    expect(done(await call('/files/metadata', { query: { path } })).json).toEqual(made)
    expect(done(await call(`/files/${made.id}/metadata`)).json).toEqual(made)
    const link = done(await call('/files/links', { query: { path } })).json
    const direct = await ask(link.providerLink, {
      headers: {
        authorization: `Basic ${Buffer.from(`${stage.dav().username}:${stage.dav().password}`).toString('base64')}`,
      },
    })
    expect(direct.bytes.equals(bytes)).toBe(true)
  })

  it('takes a body that is the file itself, and the bare path', async () => {
    const headers = { 'content-type': 'text/plain' }
    done(
      await call('/files', {
        method: 'POST',
        bytes: Buffer.from('raw'),
        headers,
        query: { path: '/raw.txt' },
      }),
    )
    const bare = await ask(`${stage.product().url}/files`, {
      headers: hub(stage.product().admin, stage.token()),
      query: { path: '/raw.txt' },
    })
    expect([bare.status, bare.text, bare.headers['content-type']]).toEqual([200, 'raw', 'text/plain'])
  })

  it('replaces only where overwrite says so', async () => {
    done(await put('/kept.txt', 'one'))
    for (const query of [{}, { overwrite: 'false' }]) {
      const refused = await put('/kept.txt', 'two', query)
      expect([refused.status, refused.json.hop], refused.text).toEqual([409, 'provider'])
      expect(refused.json.message).toContain('overwrite=true')
    }
    expect((await get('/kept.txt')).text).toBe('one')
    done(await put('/kept.txt', 'two', { overwrite: 'true' }))
    expect((await get('/kept.txt')).text).toBe('two')
    expect((await put('/kept.txt', 'x', { overwrite: 'maybe' })).status).toBe(400)
  })

  it('makes the folders of a new file, and says what is wrong with a path', async () => {
    done(await put('/new/deep/er/file.txt', 'x'))
    expect(await readdir(join(stage.dav().root, 'new/deep/er'))).toEqual(['file.txt'])
    // A file on the way is no folder.
    const through = await put('/new/deep/er/file.txt/more.txt', 'x')
    expect([through.status, through.json.hop]).toEqual([400, 'provider'])
    expect(through.json.message).toContain('a part of it may be a file')
    for (const [path, words] of [
      ['relative.txt', /begin it with a slash/],
      ['/a/../b.txt', /without \. and \.\./],
      ['/a/', /name of the file/],
      ['', /path: /],
    ] as const) {
      const refused = await put(path, 'x')
      expect([refused.status, refused.json.code], path).toEqual([400, 'bad-request'])
      expect(refused.json.message).toMatch(words)
    }
    expect((await call('/files', { method: 'POST', body: {}, query: { path: '/x' } })).status).toBe(415)
  })

  it('copies and moves files', async () => {
    done(await put('/from.txt', 'content'))
    const copied = await call('/files/copy', {
      query: { path: '/from.txt' },
      body: { path: '/copies/of it.txt' },
    })
    expect(done(copied).json).toMatchObject({
      path: '/copies/of it.txt',
      size: 7,
      id: idOf('/copies/of it.txt'),
    })
    const again = await call(`/files/${idOf('/from.txt')}/copy`, { body: { path: '/copies/of it.txt' } })
    expect(again.status, again.text).toBe(409)
    const query = { overwrite: 'true' }
    done(await call(`/files/${idOf('/from.txt')}/copy`, { body: { path: '/copies/of it.txt' }, query }))

    const moved = await call('/files/metadata', {
      method: 'PATCH',
      query: { path: '/from.txt' },
      body: { path: '/moved/to.txt' },
    })
    expect(done(moved).json.path).toBe('/moved/to.txt')
    const named = await call(`/files/${moved.json.id}/metadata`, {
      method: 'PATCH',
      body: { name: 'größer.txt', tags: ['x'] },
    })
    expect(done(named).json.path).toBe('/moved/größer.txt')
    expect(named.headers['elements-error']).toContain('tags')
    expect((await get('/moved/größer.txt')).text).toBe('content')
    for (const gone of ['/from.txt', '/moved/to.txt']) expect((await get(gone)).status).toBe(404)
    const taken = await call(`/files/${named.json.id}/metadata`, {
      method: 'PATCH',
      body: { path: '/copies/of it.txt' },
    })
    expect([taken.status, (await get('/copies/of it.txt')).text]).toEqual([409, 'content'])
    const itself = await call('/files/copy', {
      query: { path: '/copies/of it.txt' },
      body: { path: '/copies/of it.txt' },
    })
    expect(itself.status).toBe(400)
  })

  it('removes files, but no folder by that way', async () => {
    done(await put('/gone/one.txt', '1'))
    done(await put('/gone/two.txt', '2'))
    const folder = await call('/files', { method: 'DELETE', query: { path: '/gone' } })
    expect([folder.status, folder.json.message]).toEqual([404, 'No file found at /gone: it is a folder.'])
    expect((await get('/gone')).status).toBe(404)
    expect(done(await call('/files', { method: 'DELETE', query: { path: '/gone/one.txt' } })).text).toBe('')
    done(await call(`/files/${idOf('/gone/two.txt')}`, { method: 'DELETE' }))
    expect(await readdir(join(stage.dav().root, 'gone'))).toEqual([])
    const missing = await call('/files', { method: 'DELETE', query: { path: '/gone/one.txt' } })
    expect([missing.status, missing.json.message]).toEqual([404, 'No file or folder found at /gone/one.txt'])
    expect((await call(`/files/${idOf('no path')}`)).status).toBe(404)
    expect((await call('/files/no-id-at-all')).status).toBe(404)
    expect((await call('/files', { method: 'DELETE' })).status).toBe(400)
  })

  it('makes, copies, moves and removes folders', async () => {
    const made = done(await call('/folders', { body: { path: '/Ordner/mit ä' } })).json
    expect(made).toMatchObject({ path: '/Ordner/mit ä', name: 'mit ä', directory: true, tags: [] })
    expect((await call('/folders', { body: { path: '/Ordner/mit ä' } })).status).toBe(409)
    done(await put('/Ordner/mit ä/x.txt', 'x'))
    expect(done(await call(`/folders/${made.id}/metadata`)).json).toEqual(
      done(await call('/folders/metadata', { query: { path: '/Ordner/mit ä/' } })).json,
    )
    const query = { path: '/Ordner/mit ä' }
    expect(done(await call('/folders/copy', { query, body: { path: '/Ordner/kopie' } })).json).toMatchObject({
      path: '/Ordner/kopie',
      directory: true,
    })
    const inside = await call('/folders/copy', { query, body: { path: '/Ordner/mit ä/darin' } })
    expect(inside.status).toBe(400)
    const moved = await call('/folders/metadata', { method: 'PATCH', query, body: { name: 'anders' } })
    expect(done(moved).json.path).toBe('/Ordner/anders')
    for (const path of ['/Ordner/kopie/x.txt', '/Ordner/anders/x.txt'])
      expect((await get(path)).text).toBe('x')
    expect(
      (await call('/folders', { method: 'DELETE', query: { path: '/Ordner/anders/x.txt' } })).status,
    ).toBe(404)
    done(await call('/folders', { method: 'DELETE', query: { path: '/Ordner/kopie' } }))
    done(await call(`/folders/${moved.json.id}`, { method: 'DELETE' }))
    expect(await readdir(join(stage.dav().root, 'Ordner'))).toEqual([])
    expect((await call('/folders', { method: 'DELETE', query: { path: '/' } })).status).toBe(400)
  })

  it('answers 404 with words for revisions, and 405 with what there is', async () => {
    const revisions = await call('/files/revisions', { query: { path: '/a.txt' } })
    expect([revisions.status, revisions.json.message]).toEqual([404, expect.stringContaining('no revisions')])
    const wrong = await call('/files/links', { method: 'POST', body: {}, query: { path: '/a.txt' } })
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  it('tells a wrong password, a wrong address and a wrong kind of address', async () => {
    const refused = await connectDav(stage.product(), { ...stage.dav(), password: 'wrong' })
    expect([refused.status, refused.json.hop], refused.text).toEqual([400, 'provider'])
    expect(refused.json.message).toContain('refuses this login')
    const elsewhere = await connectDav(stage.product(), {
      ...stage.dav(),
      url: stage.dav().url.replace('/files', '/other'),
    })
    expect([elsewhere.status, elsewhere.json.hop], elsewhere.text).toEqual([400, 'provider'])
    for (const url of [
      'cloud.example.com',
      'ftp://cloud.example.com',
      'https://anna:x@cloud.example.com/dav',
    ]) {
      const bad = await connectDav(stage.product(), { ...stage.dav(), url })
      expect([bad.status, bad.json.message], url).toEqual([400, expect.stringContaining('base.url')])
    }
  })
})
