import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

/**
 * Bytes that are too many for memory, in a file that has no name: it is unlinked as soon as it is open, so that
 * nothing is left of it however the process ends.
 */
export interface Spool {
  /** How many there are. */
  readonly bytes: () => number
  /** Adds at the end. One call at a time. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  /** The same at once, for whoever cannot wait; into the cache of the file system, so it takes microseconds. */
  readonly writeNow: (chunk: Uint8Array) => void
  /** Forgets everything. */
  readonly clear: () => Promise<void>
  /** Reads everything, as often as wanted. */
  readonly read: () => Readable
  /** Gives the place back; what reads now goes on to its end. */
  readonly close: () => Promise<void>
}

const pieceBytes = 65_536

async function* pieces(file: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at)
    if (bytesRead === 0) throw new Error('A spooled file is shorter than what was written to it.')
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Opens an empty spool. @throws the error of the file system. */
export const openSpool = async (): Promise<Spool> => {
  const name = join(tmpdir(), `amalgam-${randomBytes(16).toString('hex')}`)
  const file = await open(name, 'wx+', 0o600)
  await unlink(name)
  let bytes = 0
  let readers = 0
  let closing = false
  const free = async (): Promise<void> => {
    if (closing && readers === 0) await file.close()
  }
  return {
    bytes: () => bytes,
    write: async (chunk) => {
      for (let from = 0; from < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, from, chunk.length - from, bytes)
        from += bytesWritten
        bytes += bytesWritten
      }
    },
    writeNow: (chunk) => {
      for (let from = 0; from < chunk.length; ) {
        const written = writeSync(file.fd, chunk, from, chunk.length - from, bytes)
        from += written
        bytes += written
      }
    },
    clear: async () => {
      bytes = 0
      await file.truncate(0)
    },
    read: () => {
      readers += 1
      return Readable.from(pieces(file, bytes), { objectMode: false }).once('close', () => {
        readers -= 1
        void free()
      })
    },
    close: async () => {
      if (closing) return
      closing = true
      await free()
    },
  }
}
