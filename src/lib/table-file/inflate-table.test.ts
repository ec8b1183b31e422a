import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { chunksOf } from '../../../test/support/table-file.ts'
import { inflateTable } from './inflate-table.ts'

const mostBytes = 64 * 2 ** 20

const inflated = async (bytes: Uint8Array, chunk = 65_536, limits = { mostBytes }): Promise<Buffer> => {
  const pieces: Uint8Array[] = []
  for await (const piece of inflateTable(chunksOf(bytes, chunk)(0), limits)) pieces.push(piece)
  return Buffer.concat(pieces)
}

const text = Buffer.from(
  Array.from({ length: 20_000 }, (_, at) => `${at},Trip ${(at * 7919) % 1_000}\n`).join(''),
)

test.each([1, 2, 7, 65_536])(
  'gzip is inflated, and what is not is left as it is, in chunks of %s',
  async (chunk) => {
    const some = text.subarray(0, 3_000)
    expect((await inflated(gzipSync(some), chunk)).equals(some)).toBe(true)
    expect((await inflated(some, chunk)).equals(some)).toBe(true)
  },
)

test('files of several gzips, of nothing and of one byte are read whole', async () => {
  const halves = [gzipSync(text.subarray(0, 777)), gzipSync(text.subarray(777))]
  expect((await inflated(Buffer.concat(halves))).equals(text)).toBe(true)
  expect((await inflated(gzipSync(''))).equals(Buffer.alloc(0))).toBe(true)
  expect((await inflated(Buffer.alloc(0))).equals(Buffer.alloc(0))).toBe(true)
  expect((await inflated(Buffer.from('a'))).equals(Buffer.from('a'))).toBe(true)
  expect((await inflated(Buffer.from([0x1f]))).equals(Buffer.from([0x1f]))).toBe(true)
})

test('gzip that is cut off or damaged is refused', async () => {
  const whole = gzipSync(text)
  const spoiled = Buffer.from(whole)
  spoiled.writeUInt32LE(spoiled.readUInt32LE(whole.length - 8) ^ 1, whole.length - 8)
  const bad = [whole.subarray(0, -1), whole.subarray(0, 20), whole.subarray(0, 2), spoiled]
  for (const bytes of bad) {
    await expect(inflated(bytes)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('damaged or cut off'),
    })
  }
})

test('a file that is larger than allowed is refused, compressed or not', async () => {
  const exactly = { mostBytes: text.length }
  const less = { mostBytes: text.length - 1 }
  expect((await inflated(text, 999, exactly)).equals(text)).toBe(true)
  expect((await inflated(gzipSync(text), 999, exactly)).equals(text)).toBe(true)
  await expect(inflated(text, 999, less)).rejects.toMatchObject({ code: 'bad-request' })
  await expect(inflated(gzipSync(text), 999, less)).rejects.toThrow(/larger than .* when decompressed/)
})

test('a gzip bomb is refused long before it has come out', async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 20, 'a,b\n'))
  expect(gunzipSync(bomb).length / bomb.length).toBeGreaterThan(500)
  const bombs = async function* () {
    for (let at = 0; at < 2_000; at += 1) yield bomb
  }
  let made = 0
  const run = async (): Promise<void> => {
    for await (const chunk of inflateTable(bombs(), { mostBytes: 2 ** 40 })) made += chunk.length
  }
  await expect(run()).rejects.toThrow(/a byte of it decompresses to more than 200/)
  expect(made).toBeLessThan(32 * 2 ** 20)
})

test('what the source throws comes through, and a reader that stops closes the source', async () => {
  let closed = 0
  const source = async function* (broken: boolean) {
    try {
      yield gzipSync(text).subarray(0, 5_000)
      if (broken) throw new Error('the disk is gone')
      for (;;) yield gzipSync(text)
    } finally {
      closed += 1
    }
  }
  const all = async (): Promise<void> => {
    for await (const _ of inflateTable(source(true), { mostBytes }));
  }
  await expect(all()).rejects.toThrow('the disk is gone')
  expect(closed).toBe(1)
  for await (const _ of inflateTable(source(false), { mostBytes })) break
  expect(closed).toBe(2)
  const plain = async function* () {
    try {
      for (;;) yield text
    } finally {
      closed += 1
    }
  }
  for await (const _ of inflateTable(plain(), { mostBytes })) break
  expect(closed).toBe(3)
})
