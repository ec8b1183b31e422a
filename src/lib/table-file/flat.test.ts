import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { mostRowBytes } from '../../../test/support/table-file.ts'
import { readTable } from './read-table.ts'
import type { TableRow } from './table-row.ts'

const chunk = Buffer.alloc(65_536, 'x')
const chunksOfRow = 1_600

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Without what nobody holds any more: when that goes is for each version of Node to decide. */
const heldMb = (): number => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

/** A file with one row of 100 MB, and the most memory that was held while it came. */
const longRow = (start: string, end: string) => {
  const most = { mb: 0 }
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(start)
    for (let at = 0; at < chunksOfRow; at += 1) {
      yield chunk
      if (at % 40 === 0) most.mb = Math.max(most.mb, heldMb())
    }
    yield Buffer.from(end)
  }
  return { open, most }
}

test.each([
  ['CSV', 'a,b\n1,2\n', '\n1,2\n'],
  ['quoted CSV', 'a,b\n1,2\n1,"', '"\n1,2\n'],
  ['a JSON array', '[{"a":1},{"a":"', '"},{"a":1}]'],
  ['JSON lines', '{"a":1}\n{"a":"', '"}\n{"a":1}'],
  ['JSON objects', '{\n"a":1}\n{"a":"', '"}\n{\n"a":1}'],
])('a row of 100 MB in %s is told and passed over in little memory', async (_, start, end) => {
  const { open, most } = longRow(start, end)
  const before = heldMb()
  const rows: TableRow[] = []
  for await (const batch of readTable(open, { mostRowBytes, batchRows: 1 })) rows.push(...batch.rows)
  expect(rows).toHaveLength(3)
  expect(rows[1]).toEqual({ row: 2, problem: expect.stringContaining('larger than 4194304 bytes') })
  expect(rows[2]).toMatchObject({ row: 3, record: expect.anything() })
  expect(most.mb - before).toBeLessThan(24)
})

test('a batch of large rows ends before it is full', async () => {
  const row = `1,${'x'.repeat(900_000)}\n`
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n')
    for (let at = 0; at < 20; at += 1) yield Buffer.from(row)
  }
  const sizes: number[] = []
  for await (const { rows } of readTable(open, { mostRowBytes, batchRows: 1_000 })) sizes.push(rows.length)
  expect(sizes.reduce((sum, size) => sum + size)).toBe(20)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(6)
})

test('a row of 1 MB that comes byte by byte is read', async () => {
  const bytes = Buffer.from(`a,b\n1,"${'""'.repeat(500_000)}"\n`)
  const open = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1)
  }
  const rows: TableRow[] = []
  for await (const batch of readTable(open, { mostRowBytes, batchRows: 1 })) rows.push(...batch.rows)
  expect(rows).toEqual([{ row: 1, record: { a: '1', b: '"'.repeat(500_000) } }])
})

test('other work of the process goes on while a file that is in memory is read', async () => {
  const block = Buffer.from('1,2\n'.repeat(100_000))
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n')
    for (let at = 0; at < 10; at += 1) yield block
  }
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, 1)
  for await (const { rows } of readTable(open, { mostRowBytes, batchRows: 1_000 }))
    expect(rows).toHaveLength(1_000)
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5)
})

test('a reader that stops closes the file', async () => {
  let closed = 0
  const open = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from('a\n')
    } finally {
      closed += 1
    }
  }
  for await (const _ of readTable(open, { mostRowBytes, batchRows: 1 })) break
  expect(closed).toBe(1)
})

test('what the file throws comes after the rows before it', async () => {
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a\n1\n2\n3')
    throw new Error('the disk is gone')
  }
  const rows: TableRow[] = []
  const read = async (): Promise<void> => {
    for await (const batch of readTable(open, { mostRowBytes, batchRows: 10, blockBytes: 4 }))
      rows.push(...batch.rows)
  }
  await expect(read()).rejects.toThrow('the disk is gone')
  expect(rows).toEqual(['1', '2'].map((a, at) => ({ row: at + 1, record: { a } })))
})
