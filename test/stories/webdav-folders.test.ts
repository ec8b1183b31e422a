import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { noDavServer } from '../support/dav-server.ts'
import { done, idOf } from '../support/documents.ts'
import { onDocuments } from '../support/documents-stage.ts'

const stage = onDocuments()

const call: typeof stage.call = (path, options) => stage.call(path, options)

const namesIn = async (query: Readonly<Record<string, string>>, path = '/folders/contents') =>
  done(await call(path, { query })).json.map(({ name }: { name: string }) => name)

describe.skipIf(noDavServer !== undefined)('the list of a folder', () => {
  const numbers = Array.from({ length: 25 }, (_, at) => String(at).padStart(2, '0'))

  beforeAll(async () => {
    const folder = join(stage.dav().root, 'many & more')
    await mkdir(join(folder, 'zz-folder'), { recursive: true })
    for (const at of numbers) await writeFile(join(folder, `f${at}.txt`), 'x'.repeat(Number(at)))
    await writeFile(join(folder, 'zz-folder', 'below.txt'), 'x')
    // More folders than one page of a walk lists, beside and in each other.
    for (const at of numbers) {
      const deep = join(stage.dav().root, 'tree', at, ...numbers.slice(0, Number(at) % 5))
      await mkdir(deep, { recursive: true })
      await writeFile(join(deep, `leaf ${at}.txt`), at)
    }
  })
  const path = '/many & more'

  it('is whole, by path and by id, without itself', async () => {
    const all = [...numbers.map((at) => `f${at}.txt`), 'zz-folder']
    expect(await namesIn({ path })).toEqual(all)
    expect(await namesIn({ path: `${path}/` })).toEqual(all)
    expect(await namesIn({}, `/folders/${idOf(path)}/contents`)).toEqual(all)
    expect(await stage.dav().asked(3)).toEqual(Array(3).fill('PROPFIND /a cloud/files/many & more/'))
  })

  it('comes in pages, by number and by token', async () => {
    expect(await namesIn({ path, pageSize: '10', page: '3' })).toEqual([
      ...['f20.txt', 'f21.txt', 'f22.txt', 'f23.txt', 'f24.txt', 'zz-folder'],
    ])
    const names: string[] = []
    let query: Readonly<Record<string, string>> | undefined = { path, pageSize: '10' }
    while (query !== undefined) {
      const reply = done(await call('/folders/contents', { query }))
      names.push(...reply.json.map(({ name }: { name: string }) => name))
      const next = reply.headers['elements-next-page-token']
      query = next === undefined ? undefined : { nextPage: String(next) }
    }
    expect(names).toEqual(await namesIn({ path }))
  })

  it('takes where, orderBy and fields', async () => {
    expect(await namesIn({ path, where: 'size > 22', orderBy: 'size desc' })).toEqual(['f24.txt', 'f23.txt'])
    expect(await namesIn({ path, where: "directory = 'true'" })).toEqual(['zz-folder'])
    expect(await namesIn({ path, where: "name like '%24%'" })).toEqual(['f24.txt'])
    const [row] = done(await call('/folders/contents', { query: { path, fields: 'name,size' } })).json
    expect(row).toEqual({ name: 'f00.txt', size: 0 })
    const counted = await call('/folders/contents', { query: { path, pageSize: '1', returnCount: 'true' } })
    expect(counted.headers['elements-total-count']).toBe('26')
  })

  it('is 404 where there is none', async () => {
    for (const wrong of ['/nothing', `${path}/f01.txt`]) {
      const reply = await call('/folders/contents', { query: { path: wrong } })
      expect([reply.status, reply.json.message]).toEqual([404, `No folder found at ${wrong}`])
    }
  })

  it('goes on below it, in pages that hold each row once', async () => {
    const below = await namesIn({ path, text: 'BELOW' }, '/search')
    expect(below).toEqual(['below.txt'])
    const whole = await namesIn({ pageSize: '5000' }, '/search')
    const paged: string[] = []
    let query: Readonly<Record<string, string>> | undefined = { pageSize: '7' }
    while (query !== undefined) {
      const reply = done(await call('/search', { query }))
      paged.push(...reply.json.map(({ name }: { name: string }) => name))
      const next = reply.headers['elements-next-page-token']
      query = next === undefined ? undefined : { nextPage: String(next) }
    }
    expect(paged).toEqual(whole)
    expect(whole.length).toBeGreaterThan(100)
    const onDisk = await readdir(stage.dav().root, { recursive: true })
    expect(whole.length).toBe(onDisk.filter((name) => !name.split('/').includes('.DAV')).length)
  })
})
