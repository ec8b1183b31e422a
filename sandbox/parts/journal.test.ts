import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from './journal.ts'

describe('the state file', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'concur-journal-'))
    file = join(folder, 'state.jsonl')
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const open = (live: () => readonly number[] = () => []) => {
    const seen: number[] = []
    return { seen, journal: openJournal<number>(file, (event) => seen.push(event), live) }
  }

  it('gives back what was appended, readable by its owner only', () => {
    const first = open()
    for (const event of [1, 2, 3]) first.journal.append(event)
    first.journal.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const second = open()
    expect(second.seen).toEqual([1, 2, 3])
    second.journal.close()
  })

  it('forgets a cut last line for good', () => {
    writeFileSync(file, '1\n2\n3333')
    const first = open()
    expect(first.seen).toEqual([1, 2])
    first.journal.append(4)
    first.journal.close()
    expect(readFileSync(file, 'utf8')).toBe('1\n2\n4\n')
  })

  it('refuses a damaged line in the middle and names it', () => {
    writeFileSync(file, '1\n{"x\n3\n')
    expect(() => open()).toThrow(/line 2 .* delete the file/)
  })

  it('is rewritten when most of it is stale', () => {
    writeFileSync(file, '7\n'.repeat(20_010))
    const first = open(() => [7])
    expect(first.seen).toHaveLength(20_010)
    first.journal.append(8)
    first.journal.close()
    expect(readFileSync(file, 'utf8')).toBe('7\n8\n')
  })
})
