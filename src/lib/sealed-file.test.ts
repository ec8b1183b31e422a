import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fileKeyBytes, openSealedFile, SealedFileError, sealFile } from './sealed-file.ts'

const seal = { key: randomBytes(fileKeyBytes), name: 'a/b' }

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const gather = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const opened = (sealed: Buffer, from = 0, under = seal) =>
  gather(openSealedFile((at) => inPieces(sealed.subarray(at), 5_000), under, from))

describe('a sealed file', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])(
    'gives back %i bytes, from any of them on',
    async (size) => {
      const plain = randomBytes(size)
      const sealed = await gather(sealFile(inPieces(plain, 7_777), seal))
      for (const from of [0, 1, 65_535, 65_536, 65_537, 131_072, size - 1, size].filter(
        (at) => at >= 0 && at <= size,
      ))
        expect((await opened(sealed, from)).equals(plain.subarray(from))).toBe(true)
    },
  )

  it('shows nothing of what is in it, and no two of the same are alike', async () => {
    const plain = Buffer.alloc(200_000, 'the same words again ')
    const [one, two] = [
      await gather(sealFile(inPieces(plain, 9_999), seal)),
      await gather(sealFile(inPieces(plain, 9_999), seal)),
    ]
    expect(one.includes('words')).toBe(false)
    expect(one.subarray(20).equals(two.subarray(20))).toBe(false)
  })

  it('is refused when it was changed, cut off, lengthened, or belongs elsewhere', async () => {
    const plain = randomBytes(200_000)
    const sealed = await gather(sealFile(inPieces(plain, 65_536), seal))
    const changed = Buffer.from(sealed)
    changed[100_000] = (changed[100_000] ?? 0) ^ 1
    // Whole frames swapped, and cut off between two.
    const frame = 65_536 + 16
    const swapped = Buffer.concat([
      sealed.subarray(0, 20),
      sealed.subarray(20 + frame, 20 + 2 * frame),
      sealed.subarray(20, 20 + frame),
      sealed.subarray(20 + 2 * frame),
    ])
    const wrong = [
      changed,
      swapped,
      sealed.subarray(0, 20 + 2 * frame),
      sealed.subarray(0, 150_000),
      sealed.subarray(0, 10),
      Buffer.alloc(0),
      Buffer.concat([sealed, sealed]),
    ]
    for (const file of wrong) await expect(opened(file)).rejects.toThrow(SealedFileError)
    await expect(opened(sealed, 0, { ...seal, name: 'a/c' })).rejects.toThrow(SealedFileError)
    await expect(opened(sealed, 0, { ...seal, key: randomBytes(fileKeyBytes) })).rejects.toThrow(
      SealedFileError,
    )
  })
})
