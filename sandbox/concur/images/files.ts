import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Refused } from '../errors.ts'

/**
 * Bodies that are too large for memory, as files: beside the state file, or in a temporary folder that goes
 * with the program.
 */
export interface Files {
  /** Streams a request's body to a new file. Throws `Refused` 413 above `most` bytes. */
  receive(request: IncomingMessage, most: number): Promise<Stored>
  /** Also of a file that is gone: the stream then fails. */
  read(name: string, start: number, length: number): Readable
  /** The bytes of a small range. */
  bytes(name: string, start: number, length: number): Promise<Buffer>
  open(name: string): Promise<FileHandle>
  remove(name: string): void
  /** A text that only this program can have made; it ends with the program. */
  sign(text: string): string
  verify(text: string, signature: string): boolean
  close(): void
}

export interface Stored {
  readonly name: string
  readonly size: number
}

const namePattern = /^[0-9a-f]{32}$/

const tooLarge = (most: number) =>
  new Refused(413, `The request body is larger than ${String(Math.floor(most / 1024 / 1024))} MB`)

/** Lets the rest of a body flow into nothing, so that its sender is there to read the refusal. */
const drain = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (request.complete || request.destroyed) resolve()
    request.once('end', resolve)
    request.once('close', resolve)
    request.resume()
  })

const spool = (request: IncomingMessage, path: string, most: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const file = createWriteStream(path, { mode: 0o600 })
    let size = 0
    const fail = (error: Error) => {
      request.unpipe(file)
      file.destroy()
      void drain(request).then(() => {
        reject(error)
      })
    }
    request.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > most) fail(tooLarge(most))
    })
    request.on('close', () => {
      if (!request.complete) fail(new Error('the caller went away'))
    })
    file.on('error', fail)
    file.on('finish', () => {
      resolve(size)
    })
    request.pipe(file)
  })

export const createFiles = (folder: string | undefined): Files => {
  let place = folder
  const key = randomBytes(32)
  const home = (): string => {
    if (place === undefined) place = mkdtempSync(join(tmpdir(), 'concur-sandbox-files-'))
    else mkdirSync(place, { recursive: true, mode: 0o700 })
    return place
  }
  const pathOf = (name: string): string => {
    if (!namePattern.test(name)) throw new Error('files: no such name')
    return join(home(), name)
  }
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    receive: async (request, most) => {
      if (Number(request.headers['content-length'] ?? 0) > most) {
        await drain(request)
        throw tooLarge(most)
      }
      const name = randomBytes(16).toString('hex')
      try {
        return { name, size: await spool(request, pathOf(name), most) }
      } catch (error) {
        rmSync(pathOf(name), { force: true })
        throw error
      }
    },
    read: (name, start, length) =>
      createReadStream(pathOf(name), { start, end: Math.max(start, start + length - 1) }),
    bytes: async (name, start, length) => {
      const handle = await open(pathOf(name))
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start)
        return buffer.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
    open: (name) => open(pathOf(name)),
    remove: (name) => {
      rmSync(pathOf(name), { force: true })
    },
    sign,
    verify: (text, signature) => {
      const [wanted, given] = [Buffer.from(sign(text)), Buffer.from(signature)]
      return wanted.length === given.length && timingSafeEqual(wanted, given)
    },
    close: () => {
      if (folder === undefined && place !== undefined) rmSync(place, { recursive: true, force: true })
    },
  }
}
