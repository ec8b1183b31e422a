import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { createJobs } from '#src/jobs/index.ts'
import type { Answer, AskOptions } from './client.ts'
import { type Connected, userInstance } from './grants.ts'
import type { Product } from './product.ts'
import { onProduct, type Stage } from './stage.ts'

/** The background work of a product, running. */
export const openBulkWork = async (product: Product) => {
  const worker = product.context.queue.worker(createJobs(product.context))
  await worker.start()
  return {
    close: () => worker.stop(),
    /** Breaks off what runs. */
    kill: () => worker.stop(0),
  }
}

/** The objects of a file of JSON lines. */
export const linesOf = (text: string): Answer['json'][] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/** A form with a file, and metaData after it or, with `first`, before it. */
export const formOf = (file: string | Uint8Array, metaData?: object, first = false) => {
  const boundary = 'a-boundary-of-a-test'
  const part = (head: string, body: string | Uint8Array): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ])
  const parts = [part('name="file"; filename="rows"', file)]
  if (metaData !== undefined) parts.push(part('name="metaData"', JSON.stringify(metaData)))
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...(first ? parts.toReversed() : parts), Buffer.from(`--${boundary}--\r\n`)]),
  }
}

/** Bulk jobs as a client makes and reads them. */
export const bulkOf = (instance: Pick<Connected, 'call'>) => {
  const call = (path: string, options: AskOptions = {}): Promise<Answer> =>
    instance.call(`/bulk${path}`, options)
  const status = async (id: string): Promise<Answer['json']> => (await call(`/${id}/status`)).json
  return {
    call,
    status,
    /** Makes a download by a query. @returns its id. */
    query: async (q: string, query: Readonly<Record<string, string>> = {}): Promise<string> => {
      const made = await call('/query', { method: 'POST', query: { q, ...query } })
      if (made.status !== 200) throw new Error(made.text)
      return made.json.id
    },
    /** Makes an upload by a form. */
    upload: (object: string, file: string | Uint8Array, metaData?: object): Promise<Answer> => {
      const form = formOf(file, metaData)
      return call(`/${object}`, { method: 'POST', headers: { 'content-type': form.type }, bytes: form.bytes })
    },
    /** Every error, a page at a time. */
    errors: async (id: string): Promise<Answer['json'][]> => {
      const all: Answer['json'][] = []
      for (let nextPage: string | undefined; ; ) {
        const page = await call(`/${id}/errors`, { query: nextPage === undefined ? {} : { nextPage } })
        all.push(...page.json)
        nextPage = page.headers['elements-next-page-token'] as string | undefined
        if (nextPage === undefined) return all
      }
    },
    /** Waits until it has ended. */
    ended: async (id: string): Promise<Answer['json']> => {
      for (const endsAt = Date.now() + 60_000; Date.now() < endsAt; ) {
        const { json, status: code, text } = await call(`/${id}/status`, { query: { wait: '5' } })
        if (code !== 200) throw new Error(text)
        if (['COMPLETED', 'ABORTED', 'CANCELLED'].includes(json.status)) return json
      }
      throw new Error(`bulk job ${id} is still ${JSON.stringify(await status(id))}`)
    },
    /** Waits until its status is as wanted. */
    until: async (id: string, wanted: (status: Answer['json']) => boolean): Promise<Answer['json']> => {
      for (const endsAt = Date.now() + 30_000; Date.now() < endsAt; await sleep(50)) {
        const now = await status(id)
        if (wanted(now)) return now
      }
      throw new Error(`bulk job ${id} is ${JSON.stringify(await status(id))}`)
    },
    untilRunning: async (id: string): Promise<void> => {
      for (const endsAt = Date.now() + 30_000; (await status(id)).status !== 'RUNNING'; await sleep(50))
        if (Date.now() > endsAt) throw new Error(`bulk job ${id} does not run`)
    },
    /** Every row of the listing that is no bulk job. */
    listed: async (path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer['json'][]> => {
      const rows: Answer['json'][] = []
      for (let nextPage = ''; ; ) {
        const more = nextPage === '' ? {} : { nextPage }
        const page = await instance.call(path, { query: { pageSize: '500', ...query, ...more } })
        if (page.status !== 200) throw new Error(page.text)
        rows.push(...page.json)
        const next = page.headers['elements-next-page-token']
        if (typeof next !== 'string') return rows
        nextPage = next
      }
    },
    /** Its file as it is sent. */
    file: (id: string, object: string, accept: string): Promise<Answer> =>
      call(`/${id}/${object}`, { headers: { accept } }),
  }
}

/** What stories of bulk jobs play on. */
export interface BulkStage extends Stage {
  /** A person's connection. */
  readonly instance: Connected
  readonly bulk: ReturnType<typeof bulkOf>
}

/** One product with its background work, and one connection, for a file of stories. */
export const onBulk = (take: (stage: BulkStage) => void): void => {
  let stage: Stage
  let work: Awaited<ReturnType<typeof openBulkWork>> | undefined
  onProduct((opened) => {
    stage = opened
  })
  beforeAll(async () => {
    const instance = await userInstance(stage.product, stage.member)
    work = await openBulkWork(stage.product)
    take({ ...stage, instance, bulk: bulkOf(instance) })
  })
  afterAll(() => work?.close())
}
