import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkName } from './file-name.ts'
import type { FileStore } from './file-store.ts'

const temporary = '.part-'
const chunkBytes = 65_536

const pathOf = (root: string, name: string): string => join(root, checkName(name))

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

const writeAll = async (file: FileHandle, source: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; ) {
      const { bytesWritten } = await file.write(chunk, from, chunk.length - from, bytes)
      from += bytesWritten
      bytes += bytesWritten
    }
  }
  // Whoever is told that it is stored may forget the source.
  await file.sync()
  return bytes
}

/** The name of a new file is on the disk only when its folder is. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** All in one buffer, which the next chunk overwrites. */
async function* readAll(path: string, from: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const held = Buffer.allocUnsafeSlow(chunkBytes)
    for (let at = from; ; ) {
      const { bytesRead } = await file.read(held, 0, chunkBytes, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield held.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Files in a folder of this machine's disk, for the owner's eyes alone (mode 0600, folders 0700). */
export const createDiskFiles = (root: string): FileStore => ({
  put: async (name, source) => {
    const path = pathOf(root, name)
    const folder = dirname(path)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const part = join(folder, `${temporary}${randomBytes(8).toString('hex')}`)
    const file = await open(part, 'wx', 0o600)
    try {
      const bytes = await writeAll(file, source).finally(() => file.close())
      await rename(part, path)
      await syncFolder(folder)
      return bytes
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  },
  read: (name, from) => readAll(pathOf(root, name), from),
  stat: async (name) => {
    try {
      const { size, mtime } = await stat(pathOf(root, name))
      return { bytes: size, at: mtime }
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  },
  remove: (name) => rm(pathOf(root, name), { recursive: true, force: true }),
  list: async (folder) => {
    try {
      return await readdir(pathOf(root, folder))
    } catch (error) {
      if (isAbsent(error)) return []
      throw error
    }
  },
})
