import { createJobs } from '#src/jobs/index.ts'
import { type Answer, type AskOptions, ask, platform } from './client.ts'
import type { Member, Product } from './product.ts'
import { openBeside } from './rows.ts'

/** What a call that is stored looks like inside. */
export interface StoredCall {
  readonly id: number
  readonly state: string
  /** In seconds from now; null: never. */
  readonly due: number | null
  readonly started: boolean
  readonly subscription: number | null
}

/** A notification that is on its way. */
export interface Told {
  readonly topic: string
  readonly kind: string
  readonly instanceId: number | null
  // biome-ignore lint/suspicious/noExplicitAny: a receiver reads whatever JSON comes; tests say what they expect.
  readonly body: any
  readonly text: string
}

/** A delivery of it. */
export interface Sent {
  readonly url: string
  readonly status: string
  readonly topics: readonly string[]
}

/** Jobs and asynchronous calls of a product, run when a test says so. */
export const openLater = async (product: Product) => {
  const db = await openBeside(product)
  const worker = product.context.queue.worker(createJobs(product.context))
  /** Runs what is due, and then what became due by it in another table. */
  const drain = async (): Promise<void> => {
    await worker.drain()
    await worker.drain()
  }
  const sql = <R>(text: string, ...values: readonly unknown[]): Promise<R[]> => db.query<R>({ text, values })

  return {
    db,
    sql,
    jobs: (member: Member, path = '', options: AskOptions = {}): Promise<Answer> =>
      ask(`${product.url}/jobs${path}`, { headers: platform(member), ...options }),
    /** Makes it due so many seconds ago, and runs what is due. */
    run: async (id: string | number, secondsAgo = 1): Promise<void> => {
      await sql(
        `update calls set due_at = now() - make_interval(secs => $2::float8) where call_id = $1`,
        Number(id),
        secondsAgo,
      )
      await drain()
    },
    drain,
    /** As if the program had ended in the middle of a run. */
    cutOff: (id: string | number, attempts = 1): Promise<unknown> =>
      sql(`update calls set started_at = now(), attempts = $2 where call_id = $1`, Number(id), attempts),
    call: async (id: string | number): Promise<StoredCall | undefined> => {
      const [row] = await sql<StoredCall>(
        `select call_id as id, state, extract(epoch from due_at - now())::float8 as due,
          started_at is not null as started, subscription_id as subscription from calls where call_id = $1`,
        Number(id),
      )
      return row
    },
    /** Notifications of one asynchronous call. */
    told: async (eventId: number): Promise<readonly Told[]> => {
      const rows = await sql<Omit<Told, 'body'>>(
        `select topic, kind, instance_id as "instanceId", body as text from notifications
          where kind = 'async' order by notification_id`,
      )
      return rows
        .map((row) => ({ ...row, body: JSON.parse(row.text) }))
        .filter(({ body }) => body.message.eventId === eventId)
    },
    /** Its deliveries. */
    sent: (eventId: number): Promise<readonly Sent[]> =>
      sql<Sent>(
        `select s.config ->> 'url' as url, d.status, s.topics from deliveries d
          join subscriptions s on s.subscription_id = d.subscription_id
          join notifications n on n.notification_id = d.notification_id
          where n.kind = 'async' and (n.body::jsonb -> 'message' ->> 'eventId')::bigint = $1`,
        eventId,
      ),
    /** As if every receiver had answered 200. */
    deliverAll: (): Promise<unknown> =>
      sql(`update deliveries set status = 'delivered', due_at = null, delivered_at = now()`),
    close: () => db.close(),
  }
}

export type Later = Awaited<ReturnType<typeof openLater>>
