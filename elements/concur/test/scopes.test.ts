import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { operationsOf } from '#src/services/catalogue/operations.ts'
import { concur } from '../index.ts'
import { usualScopes } from '../scopes.ts'

const above = join(import.meta.dirname, '..', '..', '..')
/** Built tests lie one folder deeper. */
const root = above.endsWith('dist') ? join(above, '..') : above
const page = readFileSync(join(root, 'docs', 'concur.md'), 'utf8')
const table = /^## 2\. Scopes$([\s\S]*?)^## 3\./m.exec(page)?.[1] ?? ''

const operations = Object.values(concur({}).resources).flatMap((resource) =>
  [resource, ...Object.values(resource.generations ?? {})].flatMap((one) =>
    operationsOf(one).map(({ method, path, call }) => ({
      ...{ name: `${method} ${path}`, scopes: call.scopes, current: one === resource },
    })),
  ),
)

describe('the scopes of a consent', () => {
  it('hold one of those that each operation needs, which it states', () => {
    const without = operations.filter(({ scopes }) => scopes === undefined).map(({ name }) => name)
    expect(without).toEqual([])
    const unasked = operations
      .filter(({ current }) => current)
      .filter(({ scopes = [] }) => !scopes.some((scope) => usualScopes.includes(scope)))
      .map(({ name, scopes }) => `${name}: ${scopes?.join()}`)
    expect(unasked).toEqual([])
  })

  it('are those of the table that people read', () => {
    const cells = table.split('\n').flatMap((line) => line.split('|')[2]?.match(/`[^`]+`/g) ?? [])
    expect(cells.map((cell) => cell.slice(1, -1)).sort()).toEqual([...usualScopes].sort())
  })
})
