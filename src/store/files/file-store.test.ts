import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutbound } from '#src/outbound/index.ts'
import { startS3Server } from '../../../test/support/s3-server.ts'
import { createDiskFiles, createS3Files, type FileStore } from './index.ts'

const megabyte = 2 ** 20

const collect = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** In pieces of an odd length, so that none ends where a part does. */
async function* piecesOf(bytes: Buffer, length = 70_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const openS3 = async (): Promise<{ files: FileStore; close: () => Promise<void> }> => {
  const server = await startS3Server()
  const outbound = createOutbound({ allow: [], allowFileOrigins: [server.endpoint] })
  return {
    files: createS3Files(server.place('a/b_1/'), outbound.sendWithRetry),
    close: async () => {
      await outbound.close()
      await server.close()
    },
  }
}

const openDisk = async (): Promise<{ files: FileStore; close: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-files-'))
  return { files: createDiskFiles(folder), close: () => rm(folder, { recursive: true, force: true }) }
}

// A file that is empty lies nowhere: sealed ones have a head. s3rver answers a range of one with a byte too many.
describe.each([
  ['on disk', openDisk],
  ['in S3', openS3],
])('a store of files %s', (_name, open) => {
  let opened: Awaited<ReturnType<typeof open>>
  let files: FileStore
  beforeAll(async () => {
    opened = await open()
    files = opened.files
  })
  afterAll(() => opened?.close())

  it.each([
    ['a file of one byte', 1],
    ['a small file', 1_000],
    ['a file of exactly one part', 5 * megabyte],
    ['a file of one part and a byte', 5 * megabyte + 1],
    ['a file of several parts', 12 * megabyte + 345],
  ])('gives back %s, from any byte on', async (name, length) => {
    const bytes = randomBytes(length)
    const path = `bulk/1/${name.replaceAll(' ', '-')}`
    expect(await files.put(path, piecesOf(bytes))).toBe(length)
    expect((await files.stat(path))?.bytes).toBe(length)
    const places = new Set([0, 1, 65_535, 65_536, length - 1, length].filter((at) => at >= 0 && at <= length))
    for (const from of places)
      expect((await collect(files.read(path, from))).equals(bytes.subarray(from)), `from ${from}`).toBe(true)
  })

  it('replaces a file, and stores nothing of one whose source breaks off', async () => {
    const [first, second] = [randomBytes(100), randomBytes(200)]
    await files.put('bulk/2/file', piecesOf(first))
    await files.put('bulk/2/file', piecesOf(second))
    const broken = async function* () {
      yield* piecesOf(randomBytes(11 * megabyte))
      throw new Error('the source broke off')
    }
    await expect(files.put('bulk/2/file', broken())).rejects.toThrow('the source broke off')
    await expect(files.put('bulk/2/other', broken())).rejects.toThrow('the source broke off')
    expect((await collect(files.read('bulk/2/file', 0))).equals(second)).toBe(true)
    expect(await files.stat('bulk/2/other')).toBeUndefined()
  })

  it('lists what is right below a folder, and removes a file or a folder of which the name is no other begin', async () => {
    for (const name of ['bulk/3/7/a', 'bulk/3/7/b', 'bulk/3/77/a', 'bulk/3/c'])
      await files.put(name, piecesOf(randomBytes(10)))
    const names = async (folder: string) => [...(await files.list(folder))].toSorted()
    expect([await names('bulk/3'), await names('bulk/3/7')]).toEqual([
      ['7', '77', 'c'],
      ['a', 'b'],
    ])
    expect(Math.abs(((await files.stat('bulk/3/7'))?.at.getTime() ?? 0) - Date.now())).toBeLessThan(20_000)
    await files.remove('bulk/3/7')
    await files.remove('bulk/3/c')
    await files.remove('bulk/3/c')
    expect(await names('bulk/3')).toEqual(['77'])
    expect([await files.stat('bulk/3/7'), await names('bulk/3/7')]).toEqual([undefined, []])
    expect(await files.stat('bulk/3/77/a')).toMatchObject({ bytes: 10 })
  })

  it('says that a file is not there, and takes no name that leads elsewhere', async () => {
    await expect(collect(files.read('bulk/4/none', 0))).rejects.toThrow(/no such file|no file/i)
    for (const name of ['', '/etc', '../x', 'a//b', 'a/../b', 'A', 'a b'])
      await expect((async () => files.put(name, piecesOf(Buffer.from('x'))))(), name).rejects.toThrow(
        /no name of a file/,
      )
  })
})
