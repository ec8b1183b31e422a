import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './sample-files.ts'

describe('the table of resources in the element’s README', () => {
  it('is what is expected of the element', () => {
    const args = [join(root, 'scripts', 'element-table.mjs'), '--check']
    const told = execFileSync(process.execPath, args, { encoding: 'utf8' })
    expect(told).toContain('is as expected')
  })
})
