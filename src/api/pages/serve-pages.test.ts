import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPages, type Pages } from './load-pages.ts'
import { servePages } from './serve-pages.ts'

let folder: string
let pages: Pages
const script = 'console.log(1);'.repeat(200)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amalgam-pages-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<meta name="style-nonce" content="{{nonce}}">')
  await writeFile(join(folder, 'assets', 'a-1.js'), script)
  await writeFile(join(folder, 'assets', 'a-1.js.br'), brotliCompressSync(script))
  const loaded = await loadPages(folder)
  if (loaded === undefined) throw new Error('not loaded')
  pages = loaded
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  servePages(pages, { method, path, query: new URLSearchParams(), headers })

describe('servePages', () => {
  it('sends files compressed to whoever reads that, to be kept for ever', () => {
    const reply = ask('/assets/a-1.js', { 'accept-encoding': 'gzip, deflate, br' })
    expect(reply?.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript;charset=UTF-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
    expect(brotliDecompressSync(reply?.payload as Buffer).toString()).toBe(script)
    const plain = ask('/assets/a-1.js', { 'accept-encoding': 'br;q=0' })
    expect(plain?.payload.toString()).toBe(script)
    const known = ask('/assets/a-1.js', { 'if-none-match': reply?.headers['etag'] ?? '' })
    expect([known?.status, known?.payload]).toEqual([304, ''])
  })

  it('sends the document on every path of the page, with another nonce each time and no inline script', () => {
    const one = ask('/')
    const two = ask('/instances/12')
    const nonceOf = (reply: typeof one) =>
      /content="([^"]+)"/.exec(String(reply?.payload))?.[1] ?? 'no nonce in the document'
    expect(nonceOf(one)).not.toBe(nonceOf(two))
    const policy = two?.headers['content-security-policy'] ?? ''
    expect(policy).toContain(`'nonce-${nonceOf(two)}'`)
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain('unsafe')
    expect(two?.headers['cache-control']).toBe('no-store')
  })

  it('shows a lost browser the page, and leaves the rest to the API', () => {
    const html = { accept: 'text/html,application/xhtml+xml' }
    expect(ask('/nowhere', html)?.status).toBe(404)
    for (const path of ['/nowhere', '/callback', '/assets/gone.js', '/elements/else']) {
      expect(ask(path), path).toBeUndefined()
    }
    expect(ask('/elements/else', html)).toBeUndefined()
    expect(ask('/assets/gone.js', html)).toBeUndefined()
    expect(ask('/', html, 'POST')).toBeUndefined()
    expect(ask('/assets/../index.html')).toBeUndefined()
  })
})

describe('loadPages', () => {
  it('finds nothing where nothing was built', async () => {
    expect(await loadPages(join(folder, 'none'))).toBeUndefined()
    expect(await loadPages(join(folder, 'assets'))).toBeUndefined()
  })
})
