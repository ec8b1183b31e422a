import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, migrate, migrations } from '#src/store/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { type Received, startReceiver } from '../../support/receiver.ts'
import { type Hub, openHub } from './hub.ts'
import { orchardElement } from './orchard-element.ts'
import { startOrchardVendor } from './orchard-vendor.ts'

const patienceMs = 30_000

/** One database, vendor, receiver and product, on which scripts are played one after the other. */
export const openStage = async () => {
  const database = await createTestDatabase((db) => migrate(db, migrations, () => undefined))
  const db: Database = await database.open()
  const vendor = await startOrchardVendor()
  const receiver = await startReceiver()
  const element = orchardElement(vendor.url)
  /** What the product told of failures; some are meant. */
  const errors: string[] = []
  const open = (): Promise<Hub> => openHub(database, element, errors)
  let hub = await open()
  const caller = await hub.accounts.addOrganization('Orchard', 'gardener@orchard.example', 'correct horse')

  let received: { readonly call: Received; readonly ok: boolean }[] = []
  let statuses: number[] = []
  receiver.answer((call) => {
    const status = statuses.shift() ?? 200
    received.push({ call, ok: status === 200 })
    return { status }
  })

  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (const giveUpAt = Date.now() + patienceMs; !(await holds()); await sleep(8))
      if (Date.now() > giveUpAt) throw new Error(`it never came to this: ${what}`)
  }
  const isTrue = async (text: string, instanceId: number): Promise<boolean> => {
    const rows = await db.query({ text: `select 1 where ${text}`, values: [instanceId] })
    return rows.length > 0
  }

  return {
    db,
    vendor,
    caller,
    receiver,
    errors,
    hub: (): Hub => hub,
    until,
    /** Another process; the one before goes on until it is stopped. */
    openAnother: async (): Promise<Hub> => {
      const before = hub
      hub = await open()
      return before
    },
    reopen: async (): Promise<void> => {
      hub = await open()
    },
    forget: (): void => {
      received = []
      statuses = []
      receiver.forget()
    },
    received: () => received,
    answerNext: (next: readonly number[]): void => {
      statuses = [...next]
    },
    /** No poll runs or is due. */
    isAtRest: (instanceId: number): Promise<boolean> =>
      isTrue(
        `not exists (select 1 from pollers
          where instance_id = $1 and (due_at <= now() or lease_until is not null))`,
        instanceId,
      ),
    /** Nobody is polled before a script says so. */
    hold: (instanceId: number) =>
      db.query({ text: 'update pollers set due_at = null where instance_id = $1', values: [instanceId] }),
    makeDue: (instanceId: number) =>
      db.query({
        text: `update pollers set due_at = now() where instance_id = ${instanceId} and active;
          select pg_notify('due', 'pollers')`,
        values: [],
      }),
    /** Whoever polls now stands still for longer than its lease holds, as others see it. */
    expireLeases: (instanceId: number) =>
      db.query({
        text: `update pollers set lease_until = now() - interval '1 second'
          where instance_id = ${instanceId} and lease_until is not null; select pg_notify('due', 'pollers')`,
        values: [],
      }),
    /** While nobody can be told of changes; `cut` breaks the connection that wants to. */
    whileTellingIsHeld: (
      instanceId: number,
      run: (isBlocked: () => Promise<boolean>, cut: () => Promise<unknown>) => Promise<void>,
    ): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.query({
          text: 'select 1 from subscriptions where instance_id = $1 for update',
          values: [instanceId],
        })
        const blocked = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and query like '%subscriptions%'`
        await run(
          async () => (await db.query({ text: `select 1 ${blocked}`, values: [] })).length > 0,
          () => db.query({ text: `select pg_terminate_backend(pid) ${blocked}`, values: [] }),
        )
      }),
    polledAt: async (instanceId: number): Promise<number | null> => {
      const [row] = await db.query<{ at: Date | null }>({
        text: 'select polled_at as at from pollers where instance_id = $1',
        values: [instanceId],
      })
      return row?.at?.getTime() ?? null
    },
    /** What is stored looks as it does so much later; the vendor's clock is set forth besides. */
    age: (instanceId: number, ms: number) =>
      db.query({
        text: `update pollers set started_at = started_at - $2 * interval '1 millisecond',
            polled_at = polled_at - $2 * interval '1 millisecond', skew_ms = skew_ms + $2
          where instance_id = $1`,
        values: [instanceId, ms],
      }),
    /** Waits until everything was delivered; what waits for its time is sent now. */
    delivered: (instanceId: number): Promise<void> =>
      until('all is delivered', async () => {
        await db.query({
          text: `update deliveries set due_at = now() where status = 'retry' and due_at > now();
            select pg_notify('due', 'deliveries')`,
          values: [],
        })
        return isTrue(
          `not exists (select 1 from deliveries d join notifications n using (organization_id, notification_id)
            where n.instance_id = $1 and d.status <> 'delivered')`,
          instanceId,
        )
      }),
    close: async (): Promise<void> => {
      await hub.stop()
      await receiver.close()
      await vendor.close()
      await db.close()
      await database.drop()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>
