import { createJobs } from '#src/jobs/index.ts'
import type { Context } from '#src/main/context.ts'
import type { Database, StoredGrantNotice } from '#src/store/index.ts'
import type { Connected } from './grants.ts'
import type { Product } from './product.ts'
import { openBeside } from './rows.ts'

/** Times of a grant, in seconds from now; what is absent stays. */
interface Times {
  readonly renewed?: number
  readonly used?: number | null
  readonly expires?: number
  readonly refreshExpires?: number | null
}

export interface GrantTimes {
  readonly principal: string
  readonly state: string
  readonly version: number
  readonly attempts: number
  /** In seconds from now; null: never. */
  readonly due: number | null
  readonly renewed: number
  readonly used: number | null
  readonly refreshExpires: number | null
}

const fromNow = (column: string, name: string): string =>
  `extract(epoch from ${column} - now())::float8 as "${name}"`

/** The background work of a product, done when a test says so, and the grants' times, set as a test wants. */
export const openWorker = async (product: Product) => {
  const db: Database = await openBeside(product)
  const worker = product.context.queue.worker(createJobs(product.context))
  const set = (instance: Connected, column: string, seconds: number | null): Promise<unknown> =>
    db.query({
      text: `update grants set ${column} = now() + make_interval(secs => $2) where instance_id = $1`,
      values: [instance.id, seconds],
    })

  return {
    /** Does what is due now. */
    drain: async (): Promise<void> => {
      await product.context.instances.flushUses()
      await worker.drain()
    },
    /** Moves the times of an instance's grants, which are due then. */
    age: async (
      instance: Connected,
      { renewed, used, expires, refreshExpires }: Times = {},
    ): Promise<void> => {
      await product.context.instances.flushUses()
      if (renewed !== undefined) await set(instance, 'renewed_at', renewed)
      if (used !== undefined) await set(instance, 'used_at', used)
      if (expires !== undefined) await set(instance, 'expires_at', expires)
      if (refreshExpires !== undefined) await set(instance, 'refresh_expires_at', refreshExpires)
      await set(instance, 'due_at', -1)
    },
    grant: async ({ id }: Connected): Promise<GrantTimes> => {
      const [row] = await db.query<GrantTimes>({
        text: `select principal, state, version, attempts, ${fromNow('due_at', 'due')},
            ${fromNow('renewed_at', 'renewed')}, ${fromNow('used_at', 'used')},
            ${fromNow('refresh_expires_at', 'refreshExpires')} from grants where instance_id = $1`,
        values: [id],
      })
      if (row === undefined) throw new Error(`instance ${id} has no grant`)
      return row
    },
    notices: ({ id }: Connected): Promise<readonly StoredGrantNotice[]> =>
      (product.context satisfies Pick<Context, 'store'>).store.grantNotices.ofInstance(2, id),
    close: () => db.close(),
  }
}

export type TestWorker = Awaited<ReturnType<typeof openWorker>>
