import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { bulkOf, openBulkWork } from './bulk.ts'
import { userInstance } from './grants.ts'
import { type ProductOptions, startProduct } from './product.ts'
import { openBeside } from './rows.ts'
import { controlsOf } from './sandbox.ts'

/** A CSV file of reports, called so and numbered from 0. */
export const reportsCsv = (start: string, rows: number): string =>
  `Name,UserDefinedDate\n${namesOf(start, rows)
    .map((name) => `${name},2026-01-31\n`)
    .join('')}`

/** Names of reports, numbered from 0. */
export const namesOf = (start: string, rows: number): readonly string[] =>
  Array.from({ length: rows }, (_, at) => `${start} ${String(at).padStart(3, '0')}`)

/** A product with an instance for uploads, and what they come to at the sandbox. */
export const openUploads = async (options: ProductOptions = {}) => {
  const product = await startProduct(options)
  const sandbox = controlsOf(product)
  const instance = await userInstance(product, product.admin)
  const bulk = bulkOf(instance)
  const db = await openBeside(product)
  let work = await openBulkWork(product)

  const reports = async (start: string): Promise<readonly Record<string, string>[]> => {
    const { json, status, text } = await instance.call('/reports', {
      query: { where: `Name like '${start}%'`, pageSize: '500' },
    })
    expect(status, text).toBe(200)
    return json
  }

  return {
    product,
    sandbox,
    instance,
    bulk,
    /** Reports whose names begin so, as the sandbox holds them now. */
    reports,
    names: async (start: string): Promise<readonly string[]> =>
      (await reports(start)).map(({ Name = '' }) => Name).toSorted(),
    /** Makes an upload of reports. @returns its id. */
    make: async (file: string | Uint8Array, metaData?: object, object = 'reports'): Promise<string> => {
      const made = await bulk.upload(object, file, metaData)
      expect(made.status, made.text).toBe(200)
      return made.json.id
    },
    /** Ends the background work between rows. */
    stopWork: (): Promise<void> => work.close(),
    /** Ends the background work where it stands; calls on their way are cut off. */
    killWork: (): Promise<void> => work.kill(),
    startWork: async (): Promise<void> => {
      work = await openBulkWork(product)
    },
    resume: (id: string) => bulk.call(`/${id}/resume`, { method: 'PUT' }),
    /** Waits until the job says that it waits for the vendor. @returns its status. */
    waiting: async (id: string): Promise<Record<string, unknown>> => {
      for (let tries = 0; tries < 400; tries += 1) {
        const status = await bulk.status(id)
        if (String(status.infoMessage).startsWith('Waits: ')) return status
        await sleep(50)
      }
      throw new Error(`it does not wait: ${JSON.stringify(await bulk.status(id))}`)
    },
    /** Changes columns of a job as a process that died would have left them. */
    leave: (id: string, sets: string, ...values: unknown[]) =>
      db.query({ text: `update bulk_jobs set ${sets} where job_id = $1`, values: [Number(id), ...values] }),
    row: async (id: string): Promise<Record<string, unknown>> => {
      const [row] = await db.query<Record<string, unknown>>({
        text: 'select * from bulk_jobs where job_id = $1',
        values: [Number(id)],
      })
      return row ?? {}
    },
    db,
    close: async (): Promise<void> => {
      await work.close()
      await db.close()
      await product.close()
    },
  }
}

export type Uploads = Awaited<ReturnType<typeof openUploads>>
