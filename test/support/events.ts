import { createJobs } from '#src/jobs/index.ts'
import type { Database } from '#src/store/index.ts'
import { type Connected, connected, post } from './grants.ts'
import { configuration, freshCode } from './instances.ts'
import type { Member, Product } from './product.ts'
import { openBeside } from './rows.ts'

/** Lets callbacks reach this machine. */
export const loopbackAllowed = { OUTBOUND_ALLOW: '127.0.0.1' } as const

/** The background work of a product, running, and ways to make it due now. */
export const openEventWork = async (product: Product) => {
  const db: Database = await openBeside(product)
  const worker = product.context.queue.worker(createJobs(product.context))
  await worker.start()
  const makeDue = (table: 'pollers' | 'deliveries', where: string): Promise<unknown> =>
    db.query({
      text: `update ${table} set due_at = now() where ${where}; select pg_notify('due', '${table}')`,
      values: [],
    })
  return {
    db,
    /** Polls an instance's resources now, and waits until it is done. */
    poll: async ({ id }: Pick<Connected, 'id'>): Promise<void> => {
      const since = await db.query<{ now: Date }>({ text: 'select clock_timestamp() as now', values: [] })
      await makeDue('pollers', `instance_id = ${id} and active`)
      const pending = async (): Promise<number> => {
        const rows = await db.query({
          text: `select 1 from pollers where instance_id = $1 and active
            and (due_at <= now() or lease_until is not null)`,
          values: [id],
        })
        return rows.length
      }
      for (
        const endsAt = Date.now() + 20_000;
        (await pending()) > 0;
        await new Promise((r) => setTimeout(r, 10))
      )
        if (Date.now() > endsAt) throw new Error(`the pollers of ${id} are still due since ${since[0]?.now}`)
    },
    /** Sends what waits for its time. */
    hurry: () => makeDue('deliveries', `status = 'retry'`),
    /** Lets so many seconds pass for whatever waits in the outbox, and sends what is due then. */
    pass: async (seconds: number): Promise<void> => {
      await db.query({
        text: `update deliveries set due_at = due_at - make_interval(secs => $1), created_at = created_at - make_interval(secs => $1)
          where due_at is not null`,
        values: [seconds],
      })
      await db.query({ text: `select pg_notify('due', 'deliveries')`, values: [] })
      const busy = async (): Promise<number> => {
        const rows = await db.query({
          text: `select 1 from deliveries where due_at <= now() + interval '2 seconds' or lease_until is not null`,
          values: [],
        })
        return rows.length
      }
      for (
        const endsAt = Date.now() + 30_000;
        (await busy()) > 0;
        await new Promise((r) => setTimeout(r, 10))
      )
        if (Date.now() > endsAt) throw new Error('deliveries are still due')
    },
    /** Of an instance's deliveries: status, attempts, and seconds until the next. */
    deliveries: ({ id }: Pick<Connected, 'id'>) =>
      db.query<{
        status: string
        tries: number
        due: number | null
        log: { status: number | null; error?: string }[]
      }>({
        text: `select d.status, d.tries, extract(epoch from d.due_at - now())::float8 as due, d.log
          from deliveries d join notifications n using (organization_id, notification_id)
          where n.instance_id = $1 order by d.delivery_id`,
        values: [id],
      }),
    /** An instance with events to this address. */
    connect: async (member: Member, events: Readonly<Record<string, unknown>>): Promise<Connected> => {
      const providerData = { code: await freshCode(product, member) }
      const all = { ...configuration, ...events }
      return connected(product, member, await post(product, member, { configuration: all, providerData }))
    },
    close: async (): Promise<void> => {
      await worker.stop()
      await db.close()
    },
  }
}

export type EventWork = Awaited<ReturnType<typeof openEventWork>>

/** Makes a report. */
export const newReport = async (instance: Connected, name: string): Promise<string> => {
  const made = await instance.call('/reports', { method: 'POST', body: { Name: name } })
  if (made.status !== 200) throw new Error(made.text)
  return made.json.ID
}
