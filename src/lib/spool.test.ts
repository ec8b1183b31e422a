import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openSpool } from './spool.ts'

// A folder of its own: other programs have their spools too.
const folder = mkdtempSync(join(tmpdir(), 'spool-'))
beforeAll(() => void vi.stubEnv('TMPDIR', folder))
afterAll(() => rmSync(folder, { recursive: true }))

const spooled = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => /^amalgam-[0-9a-f]{32}$/.test(name))

describe('a spool', () => {
  it('gives back what was written, as often as it is read, and leaves no file', async () => {
    const before = spooled()
    const spool = await openSpool()
    const chunks = [Buffer.alloc(100_000, 1), Buffer.alloc(3, 2), Buffer.alloc(70_000, 3)]
    for (const chunk of chunks) await spool.write(chunk)
    expect(spool.bytes()).toBe(170_003)
    expect(await buffer(spool.read())).toEqual(Buffer.concat(chunks))
    expect(await buffer(spool.read())).toEqual(Buffer.concat(chunks))
    expect(spooled()).toEqual(before)
    await spool.clear()
    await spool.write(Buffer.from('new'))
    expect((await buffer(spool.read())).toString()).toBe('new')
    await spool.close()
  })

  it('lets whoever reads at its close go on to the end', async () => {
    const spool = await openSpool()
    await spool.write(Buffer.alloc(300_000, 7))
    const reading = buffer(spool.read())
    await spool.close()
    expect(await reading).toHaveLength(300_000)
  })
})
