import { expect } from 'vitest'
import type { Answer } from './client.ts'
import type { Connected } from './grants.ts'

export type Row = Readonly<Record<string, unknown>>

/** The answer, which must be 200. */
export const ok = async (asked: Promise<Answer>): Promise<Answer> => {
  const reply = await asked
  expect(reply.status, reply.text).toBe(200)
  return reply
}

/** Every row of a listing, walked page by page. */
export const rowsOf = async (
  instance: Connected,
  path: string,
  query: Record<string, string> = {},
): Promise<readonly Row[]> => {
  const rows: Row[] = []
  let next: Record<string, string> = query
  for (;;) {
    const page = await ok(instance.call(path, { query: next }))
    rows.push(...page.json)
    const token = page.headers['elements-next-page-token']
    if (token === undefined) return rows
    next = { nextPage: String(token) }
  }
}
