import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { bulkOf } from './bulk.ts'
import type { Answer } from './client.ts'
import { type Connected, userInstance } from './grants.ts'
import { openUploads } from './uploads.ts'

const endings: ReadonlySet<string> = new Set(['COMPLETED', 'ABORTED', 'CANCELLED'])

/** A report as both sides have it: what else a person can write is never read back. */
const copiedOf = ({ Name, UserDefinedDate }: Record<string, unknown>) => ({ Name, UserDefinedDate })

/** Reports of one person, by name. */
const reportsOf = async ({ call }: Connected, start: string): Promise<readonly Record<string, unknown>[]> => {
  const { json, status, text } = await call('/reports', {
    query: { where: `Name like '${start}%'`, pageSize: '500', orderBy: 'Name' },
  })
  expect(status, text).toBe(200)
  return json.map(copiedOf)
}

/** A product with its background work, and two people's connections: copies go from one to the other. */
export const openWorkflows = async () => {
  const uploads = await openUploads()
  const { product, instance: target } = uploads
  const source = await userInstance(product, product.admin, { login: 'amber.badger@sandbox.example' })
  const bulk = bulkOf(source)

  const post = (entries: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    bulk.call('/workflows', { method: 'POST', body: entries, headers })

  const loader = async (query: Record<string, string> = {}): Promise<Answer['json'][]> => {
    const { json, status, text } = await source.call('/bulkloader', { query })
    expect(status, text).toBe(200)
    return json
  }

  /** Waits until the workflow is as wanted, by its status. */
  const until = async (
    id: string,
    wanted: (workflow: Answer['json']) => boolean,
  ): Promise<Answer['json']> => {
    for (const endsAt = Date.now() + 60_000; Date.now() < endsAt; await sleep(25)) {
      const now = await bulk.status(id)
      if (wanted(now)) return now
    }
    throw new Error(`workflow ${id} is ${JSON.stringify(await bulk.status(id))}`)
  }

  return {
    ...uploads,
    /** Of the instance that is read. */
    bulk,
    source,
    target,
    post,
    loader,
    until,
    /** One copy of reports whose names begin so, as old clients ask for it. */
    copy: (start: string, moreOfTarget: object = {}, more: object = {}) => ({
      query: `select * from reports where Name like '${start}%'`,
      objectName: 'reports',
      ...{
        elementKey: 'concur',
        path: '/hubs/expense/bulk/query',
        method: 'POST',
        statusCheckInterval: 10_000,
      },
      targetConfiguration: {
        ...{ path: '/hubs/expense/bulk/reports', method: 'POST', token: target.token },
        ...{ elementKey: 'concur', objectName: 'reports' },
        ...moreOfTarget,
      },
      ...more,
    }),
    /** Makes a workflow. @returns its id. */
    start: async (...entries: readonly object[]): Promise<string> => {
      const made = await post(entries)
      expect(made.status, made.text).toBe(200)
      return made.json.id
    },
    /** Waits until it has ended. */
    ended: (id: string): Promise<Answer['json']> => until(id, ({ status }) => endings.has(status)),
    /** Makes reports to be copied, called so and numbered from 0, each with a date of its own. */
    fill: async (start: string, rows: number): Promise<void> => {
      for (let at = 0; at < rows; at += 1) {
        const Name = `${start} ${String(at).padStart(3, '0')} "é", ;`
        const UserDefinedDate = new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 19)
        const made = await source.call('/reports', { method: 'POST', body: { Name, UserDefinedDate } })
        expect(made.status, made.text).toBe(200)
      }
    },
    /** What there is to copy, and what has been, by name. */
    there: (start: string) => reportsOf(source, start),
    arrived: (start: string) => reportsOf(target, start),
    /** Jobs that are stored. */
    countJobs: async (): Promise<number> =>
      (await uploads.db.query({ text: 'select 1 from bulk_jobs', values: [] })).length,
  }
}

export type Workflows = Awaited<ReturnType<typeof openWorkflows>>
