import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { cut } from './cut.ts'

/**
 * Files at rest: AES-256-GCM in frames of a fixed size, so that a reader may begin anywhere. Each file has a key of its
 * own, derived (RFC 5869) from the caller's key, a random salt and the file's name; a frame's nonce is its number, and
 * its last bit tells the last frame, so that frames can be neither swapped nor cut off (the STREAM construction of
 * Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 */

/** Bytes of a sealed file's key. */
export const fileKeyBytes = 32
/** Of what is sealed, in each frame but the last. */
const frameBytes = 65_536
const tagBytes = 16
const saltBytes = 16
const mark = Buffer.from('amf1')
const headBytes = mark.length + saltBytes
const cipher = 'aes-256-gcm'

/** The file is damaged, cut off, or not the one that the key belongs to. @public */
export class SealedFileError extends Error {
  override readonly name = 'SealedFileError'
}

/** Which key, and which file: what was sealed under one name opens under no other. */
export interface FileSeal {
  /** 32 bytes. */
  readonly key: Uint8Array
  readonly name: string
}

const keyOf = ({ key, name }: FileSeal, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, name, fileKeyBytes))

const nonceOf = (frame: number, last: boolean): Buffer => {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(frame, 0, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}

const sealFrame = (key: Buffer, frame: number, last: boolean, plain: Uint8Array): Buffer => {
  const work = createCipheriv(cipher, key, nonceOf(frame, last), { authTagLength: tagBytes })
  return Buffer.concat([work.update(plain), work.final(), work.getAuthTag()])
}

/** Seals a stream of any length. */
export async function* sealFile(source: AsyncIterable<Uint8Array>, seal: FileSeal): AsyncGenerator<Buffer> {
  const salt = randomBytes(saltBytes)
  const key = keyOf(seal, salt)
  yield Buffer.concat([mark, salt])
  let frame = 0
  for await (const { bytes, isLast } of cut(source, frameBytes)) yield sealFrame(key, frame++, isLast, bytes)
}

const openFrame = (key: Buffer, frame: number, last: boolean, box: Buffer): Buffer => {
  const end = box.length - tagBytes
  if (end < 0) throw new SealedFileError('A sealed file is cut off.')
  try {
    const work = createDecipheriv(cipher, key, nonceOf(frame, last), { authTagLength: tagBytes })
    work.setAuthTag(box.subarray(end))
    const plain = work.update(box.subarray(0, end))
    // In this mode it only checks the tag.
    work.final()
    return plain
  } catch (cause) {
    throw new SealedFileError('A sealed file is damaged, cut off, or of another job.', { cause })
  }
}

const readHead = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of source) {
    pieces.push(chunk)
    bytes += chunk.length
    if (bytes >= headBytes) break
  }
  const head = Buffer.concat(pieces).subarray(0, headBytes)
  if (head.length < headBytes || !head.subarray(0, mark.length).equals(mark))
    throw new SealedFileError('These are no sealed file.')
  return head
}

/**
 * Opens a sealed file from a byte of its content on.
 * @param open gives the bytes of the sealed file from that one on.
 * @throws SealedFileError
 */
export async function* openSealedFile(
  open: (from: number) => AsyncIterable<Uint8Array>,
  seal: FileSeal,
  from = 0,
): AsyncGenerator<Buffer> {
  const head = await readHead(open(0))
  const key = keyOf(seal, head.subarray(mark.length))
  const boxBytes = frameBytes + tagBytes
  let frame = Math.floor(from / frameBytes)
  let skip = from - frame * frameBytes
  for await (const { bytes, isLast } of cut(open(headBytes + frame * boxBytes), boxBytes)) {
    // What is read from the end on is nothing, but where the file is cut off.
    if (bytes.length === 0 && frame > 0 && skip === 0) return
    const hasMore = bytes.length - tagBytes > skip
    // Kept under no name: what this generator holds until it goes on outlives V8's small collections.
    if (hasMore) yield openFrame(key, frame++, isLast, bytes).subarray(skip)
    else openFrame(key, frame++, isLast, bytes)
    skip = 0
  }
}
