import { describe, expect, it } from 'vitest'
import type { Json, PortReply, PortRequest, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { entriesIn, entryAt, makeFolderAt, putFile, removeEntry, transfer } from '../dav.ts'
import { webdav } from '../index.ts'
import { addressOf, checkedPath, folderOf, idFrom, idOf, nameOf, pathOf } from '../names.ts'

const element = webdav()

const siteOf = (baseUrl: string) =>
  element.vendor.siteOf({
    siteAddress: undefined,
    apiKey: undefined,
    configured: (key) => (key === 'base.url' ? baseUrl : undefined),
  })

const refused = (status: number): AppError =>
  new AppError('provider-refused', `answered ${status}`, { providerStatus: status })

type Answer = (request: PortRequest) => { readonly status?: number; readonly body?: Json }

/** A server that answers as a test says; a status of 300 and more is refused as the engine does it. */
const server = (answer: Answer, baseUrl = 'https://cloud.example/remote.php/dav/files/anna%20b') => {
  const asked: PortRequest[] = []
  const ask = async (request: PortRequest): Promise<PortReply> => {
    asked.push(request)
    const { status = 200, body } = answer(request)
    if (status >= 300) throw refused(status)
    return { status, headers: {}, text: '', body }
  }
  const port = { ask, baseUrl: () => Promise.resolve(baseUrl) } as unknown as VendorPort
  return { port, asked }
}

const dav = (name: string): string => `{DAV:}${name}`

/** A response of a multistatus (RFC 4918 14.24), its properties good and others missing. */
const response = (href: string, properties: Readonly<Record<string, Json>> = {}): Json => ({
  [dav('href')]: [href],
  [dav('propstat')]: [
    {
      [dav('prop')]: [{ [dav('creationdate')]: [''] }],
      [dav('status')]: ['HTTP/1.1 404 Not Found'],
    },
    {
      [dav('prop')]: [
        Object.fromEntries(Object.entries(properties).map(([name, value]) => [dav(name), [value]])),
      ],
      [dav('status')]: ['HTTP/1.1 200 OK'],
    },
  ],
})

const folderType = { resourcetype: { [dav('collection')]: [''] } }
const several = (...responses: readonly Json[]): Json => ({
  [dav('multistatus')]: [{ [dav('response')]: responses }],
})

describe('paths and ids', () => {
  it('are made of each other', () => {
    for (const path of ['/', '/a.txt', '/Übersicht/größe 文.txt', '/%2F/#?&']) {
      expect(pathOf(idOf(path))).toBe(path)
      expect(idFrom(path)).toBe(idOf(path))
      expect(idFrom(idOf(path))).toBe(idOf(path))
    }
    for (const id of ['', 'x', 'L2E=', idOf('no slash'), '!!'])
      expect(() => pathOf(id), id).toThrow(/No file/)
  })

  it('are written as an address below the base URL', () => {
    expect(addressOf('/a b/ü#%.txt')).toBe('/a%20b/%C3%BC%23%25.txt')
    expect([addressOf('/a', true), addressOf('/', true)]).toEqual(['/a/', '/'])
    expect([nameOf('/a/b'), folderOf('/a/b'), folderOf('/a')]).toEqual(['b', '/a', '/'])
    expect(checkedPath('//a///b/', 'path')).toBe('/a/b')
  })
})

describe('the address of a server', () => {
  it('is taken as it is, without slashes at its end', () => {
    expect(siteOf(' https://cloud.example/dav/ ').apiUrl).toBe('https://cloud.example/dav')
    const site = siteOf('https://cloud.example/dav')
    expect(element.vendor.isOwnUrl(new URL('https://cloud.example/other'), site)).toBe(true)
    expect(element.vendor.isOwnUrl(new URL('https://cloud.example.com/dav'), site)).toBe(false)
  })

  it.each([
    '',
    'cloud.example',
    'ftp://a.example',
    'https://a:b@c.example',
    'https://a.example/?b',
    'https://a.example/#b',
  ])('is refused by its key: %s', (url) => expect(() => siteOf(url)).toThrow(/^configuration\.base\.url: /))
})

describe('a reply of several statuses', () => {
  it('is read whether it names whole URLs or paths, and however they are encoded', async () => {
    for (const base of ['https://cloud.example', '', 'http://cloud.example:80']) {
      const below = `${base}/remote.php/dav/files/anna%20b`
      const { port } = server(() => ({
        body: several(
          response(`${below}/a%20folder/`, folderType),
          response(`${below}/a%20folder/%c3%bc.txt`, {
            getcontentlength: '12',
            getcontenttype: 'text/plain',
            getlastmodified: 'Mon, 02 Mar 2026 10:11:12 GMT',
            creationdate: '2026-03-01T00:00:00+02:00',
            resourcetype: '',
          }),
          response(`${below}/a%20folder/sub/`, folderType),
        ),
      }))
      expect((await entriesIn(port, '/a folder')).map(({ row }) => row)).toEqual([
        { id: idOf('/a folder/sub'), path: '/a folder/sub', name: 'sub', directory: true, tags: [] },
        {
          ...{
            id: idOf('/a folder/ü.txt'),
            path: '/a folder/ü.txt',
            name: 'ü.txt',
            directory: false,
            tags: [],
          },
          ...{ size: 12, mimeType: 'text/plain' },
          ...{ createdDate: '2026-02-28T22:00:00Z', modifiedDate: '2026-03-02T10:11:12Z' },
        },
      ])
    }
  })

  it('that names something elsewhere is no row of ours', async () => {
    for (const href of ['/remote.php/dav/files/anna%20bc/x', '/other', '/remote.php/dav/files/%E0%A4%A']) {
      const { port } = server(() => ({ body: several(response(href)) }))
      await expect(entryAt(port, '/x')).rejects.toMatchObject({ code: 'provider-failed' })
    }
  })

  it('leaves out what has no good properties, and nothing else is a 404', async () => {
    const { port } = server(() => ({ body: several({ [dav('href')]: ['/x'] }) }))
    await expect(entryAt(port, '/x')).rejects.toMatchObject({ code: 'provider-not-found' })
    const none = server(() => ({ status: 404 }))
    await expect(entriesIn(none.port, '/x')).rejects.toThrow('No folder found at /x')
  })

  it('is asked for with a slash where a server sends folders there', async () => {
    const { port, asked } = server(({ path }) =>
      path.endsWith('/')
        ? { body: several(response('/remote.php/dav/files/anna%20b/x/', folderType)) }
        : { status: 301 },
    )
    expect(await entryAt(port, '/x')).toMatchObject({ path: '/x', directory: true })
    expect(asked.map(({ path }) => path)).toEqual(['/x', '/x/'])
  })
})

describe('writes', () => {
  const folder = { path: '/f', directory: true, row: {} }

  it('tell what was done in part only', async () => {
    const { port } = server(() => ({
      status: 207,
      body: several({ [dav('href')]: ['/f/locked'], [dav('status')]: ['HTTP/1.1 423 Locked'] }),
    }))
    await expect(removeEntry(port, folder)).rejects.toThrow(
      /in part only: \/f\/locked was refused \(HTTP\/1.1 423/,
    )
    await expect(transfer(port, 'COPY', folder, '/g', false)).rejects.toThrow(/copied in part only/)
  })

  it('make the folders above once, and only where the server says that they are missing', async () => {
    let there = false
    const { port, asked } = server(({ method, path }) => {
      if (method === 'MKCOL' && path === '/a/b/') there = true
      if (method === 'MKCOL') return { status: path === '/a/' ? 405 : 201 }
      return there ? { status: 201 } : { status: 404 }
    })
    await putFile(port, '/a/b/c.txt', true, {})
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      ...['PUT /a/b/c.txt', 'MKCOL /a/', 'MKCOL /a/b/', 'PUT /a/b/c.txt'],
    ])
    const full = server(({ method }) => ({ status: method === 'MKCOL' ? 405 : 409 }))
    await expect(putFile(full.port, '/a/c.txt', true, {})).rejects.toMatchObject({
      details: { providerStatus: 409 },
    })
    expect(full.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  it('say where a folder is there already', async () => {
    const { port } = server(() => ({ status: 405 }))
    await expect(makeFolderAt(port, '/a')).rejects.toMatchObject({ code: 'provider-conflict' })
    await expect(makeFolderAt(port, '/')).rejects.toMatchObject({ code: 'provider-conflict' })
  })

  it('never replace by accident', async () => {
    const { port, asked } = server(() => ({ status: 201 }))
    await putFile(port, '/a', false, {})
    await putFile(port, '/a', true, {})
    await transfer(port, 'MOVE', folder, '/g', false)
    await transfer(port, 'MOVE', folder, '/g', true)
    expect(asked.map(({ headers }) => headers)).toEqual([
      { 'if-none-match': '*' },
      undefined,
      { destination: 'https://cloud.example/remote.php/dav/files/anna%20b/g/', overwrite: 'F' },
      { destination: 'https://cloud.example/remote.php/dav/files/anna%20b/g/', overwrite: 'T' },
    ])
    expect(asked[0]?.repeatable).toBe(false)
  })
})
