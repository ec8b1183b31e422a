import { rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsOf, openApiFaults, swaggerFaults } from '../support/api-document.ts'
import { bulkOf } from '../support/bulk.ts'
import { ask, platform } from '../support/client.ts'
import { noDavServer } from '../support/dav-server.ts'
import { connectDav, documentsHub, done, fileForm, idOf } from '../support/documents.ts'
import { onDocuments } from '../support/documents-stage.ts'
import { type EventWork, openEventWork } from '../support/events.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

const stage = onDocuments()

interface Told {
  readonly eventType: string
  readonly objectId: string
}

describe.skipIf(noDavServer !== undefined)('what every element gives', () => {
  let work: EventWork
  let receiver: Receiver

  beforeAll(async () => {
    work = await openEventWork(stage.product())
    receiver = await startReceiver()
    for (const path of ['/a/one.txt', '/a/b/two.txt', '/three.txt'])
      done(await stage.call('/files', { ...fileForm(Buffer.from(path)), query: { path } }))
  })
  afterAll(async () => {
    await work?.close()
    await receiver?.close()
  })

  it('holds for files: new, changed, moved and removed ones are told', async () => {
    const made = await connectDav(stage.product(), stage.dav(), {
      configuration: {
        ...{ 'base.url': stage.dav().url, username: stage.dav().username, password: stage.dav().password },
        'event.notification.enabled': 'true',
        'event.notification.callback.url': `${receiver.url}/hook`,
        'event.objects': 'files',
      },
    })
    const instance = { id: done(made).json.id }
    const call = documentsHub(stage.product(), made.json.token)
    await work.poll(instance)
    done(await call('/files', { ...fileForm(Buffer.from('x')), query: { path: '/a/b/new.txt' } }))
    await writeFile(join(stage.dav().root, 'three.txt'), 'changed at the server')
    await rename(join(stage.dav().root, 'a/one.txt'), join(stage.dav().root, 'a/uno.txt'))
    done(await call('/files', { method: 'DELETE', query: { path: '/a/b/two.txt' } }))
    // Of a file that is less than a second old, Apache httpd tells another ETag than later.
    const before = new Date(Date.now() - 60_000)
    for (const path of ['three.txt', 'a/uno.txt', 'a/b/new.txt'])
      await utimes(join(stage.dav().root, path), before, before)
    await work.poll(instance)
    await receiver.until(1)
    await work.poll(instance)
    const [there, gone] = (await receiver.until(2)).map(({ json }) =>
      json.message.events.map((event: Told) => `${event.eventType} ${event.objectId}`).sort(),
    )
    expect(there).toEqual([
      ...[`CREATED ${idOf('/a/b/new.txt')}`, `CREATED ${idOf('/a/uno.txt')}`],
      `UPDATED ${idOf('/three.txt')}`,
    ])
    expect(gone).toEqual([`DELETED ${idOf('/a/b/two.txt')}`, `DELETED ${idOf('/a/one.txt')}`])
    await work.poll(instance)
    expect(await work.deliveries(instance)).toHaveLength(2)
  })

  it('tells removed files also where no more is configured than a callback', async () => {
    receiver.forget()
    done(await stage.call('/files', { ...fileForm(Buffer.from('x')), query: { path: '/gone.txt' } }))
    const made = await connectDav(stage.product(), stage.dav(), {
      configuration: {
        ...{ 'base.url': stage.dav().url, username: stage.dav().username, password: stage.dav().password },
        'event.notification.enabled': 'true',
        'event.notification.callback.url': `${receiver.url}/hook`,
      },
    })
    const instance = { id: done(made).json.id }
    await work.poll(instance)
    done(await stage.call('/files', { method: 'DELETE', query: { path: '/gone.txt' } }))
    await work.poll(instance)
    await work.poll(instance)
    const [call] = await receiver.until(1)
    expect(call?.json.message.events).toMatchObject([
      { eventType: 'DELETED', objectId: idOf('/gone.txt'), objectType: 'files' },
    ])
  })

  it('holds for files: a bulk download has each once', async () => {
    const bulk = bulkOf({ call: stage.call } as Parameters<typeof bulkOf>[0])
    const id = await bulk.query("select path, size from files where path like '/a/%'")
    for (const endsAt = Date.now() + 20_000; (await bulk.status(id)).status !== 'COMPLETED'; )
      if (Date.now() > endsAt) throw new Error(JSON.stringify(await bulk.status(id)))
    const text = done(await bulk.call(`/${id}/files`)).text
    expect(text.trim().split(/\r?\n/)).toEqual(['path,size', '/a/uno.txt,10', '/a/b/new.txt,1'])
  })

  it('holds for the documents hub: documents and objects tell its paths', async () => {
    const { url, admin } = stage.product()
    const asked = (path: string) => ask(`${url}${path}`, { headers: platform(admin) })
    const swagger = done(await asked('/elements/webdav/docs')).json
    expect(swaggerFaults(swagger)).toEqual([])
    expect(openApiFaults(done(await asked('/elements/webdav/openapi')).json)).toEqual([])
    const calls = callsOf(swagger).map(({ method, path }) => `${method} ${path}`)
    expect(calls).toEqual(
      expect.arrayContaining([
        ...['get /files', 'post /files', 'delete /files', 'get /files/{id}', 'patch /files/metadata'],
        ...['get /folders/contents', 'get /folders/{id}/contents', 'post /folders/copy', 'get /search'],
      ]),
    )
    const upload = callsOf(swagger).find(({ method, path }) => `${method} ${path}` === 'post /files')
    expect(upload?.operation.parameters).toContainEqual(
      expect.objectContaining({ name: 'path', in: 'query', required: true }),
    )
    const contents = callsOf(swagger).find(
      ({ method, path }) => `${method} ${path}` === 'get /folders/contents',
    )
    expect(contents?.operation.parameters).toContainEqual(
      expect.objectContaining({ name: 'path', in: 'query' }),
    )
    expect(done(await stage.call('/objects')).json).toEqual(['files'])
  })
})
