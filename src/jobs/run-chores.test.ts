import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createVault } from '#src/lib/secret.ts'
import { choreTable, createQueue, dueTables } from '#src/queue/index.ts'
import { createAccounts, createRequestLog } from '#src/services/index.ts'
import { createStore, migrate, migrations } from '#src/store/index.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPrune } from '../services/notifications/prune.ts'
import { ensureChores, runChores } from './run-chores.ts'

/** One process's worker, with the real services. */
const openProcess = async (database: TestDatabase) => {
  const db = await database.open()
  const store = createStore(db)
  const errors: unknown[] = []
  const queue = createQueue({ db, tables: dueTables, onError: (error) => errors.push(error) })
  const vault = createVault([{ id: 'k1', key: randomBytes(32) }])
  const accounts = createAccounts({ store, vault })
  const requestLog = createRequestLog({ store, onError: (error) => errors.push(error) })
  await migrate(db, migrations, () => undefined)
  await ensureChores(queue)
  const worker = queue.worker([
    runChores({
      accounts,
      requestLog,
      events: {
        tellNotices: async () => (await store.grantNotices.takeUntold(100)).length,
      },
      notifications: { prune: createPrune({ store, retentionDays: 30 }) },
      bulk: { prune: () => Promise.resolve() },
      connects: { prune: () => store.connects.prune().then(() => undefined) },
      objects: { pruneBudgets: () => store.vendorBudgets.prune().then(() => undefined) },
    }),
  ])
  onTestFinished(async () => {
    await worker.stop()
    await db.close()
  })
  return { db, queue, worker, errors }
}

test('of several processes one removes what is past its time, and it is due again an hour later', async () => {
  const database = await createTestDatabase()
  const processes = [await openProcess(database), await openProcess(database), await openProcess(database)]
  const [first] = processes
  if (first === undefined) throw new Error('no process')
  await first.db.query({
    text: `insert into request_log (organization_id, request_id, at, method, path, remote_address, status, duration_ms,
        vendor_calls) select 2, days || ' days', now() - make_interval(days => days), 'GET', '/', '::1', 200, 1, '[]'
        from generate_series(0, 30) as days;
      insert into directory (kind, key, organization_id, subject_id, expires_at)
        select 'session', hours::text, 2, 2, now() + make_interval(hours => hours) from generate_series(-3, 3) as hours;
      insert into login_failures (email_key, started_at, failures)
        select minutes::text, now() - make_interval(mins => minutes), 3 from generate_series(0, 4) as minutes;
      insert into vendor_budgets (organization_id, instance_id, service, about, taken_at, taken, granted, used_at)
        select 2, days, 's', '', '{}', '{}', 0, now() - make_interval(days => days) from generate_series(0, 4) as days;
      insert into notifications (organization_id, notification_id, account_id, user_id, kind, topic, severity, sender,
        body, created_at) select 2, days, 2, 2, 'manual', 't', 'low', 's', '{}', now() - make_interval(days => days)
        from generate_series(28, 33) as days;
      insert into deliveries (organization_id, delivery_id, notification_id, subscription_id, channel, status)
        values (2, 1, 32, 1, 'webhook', 'delivered'), (2, 2, 32, 2, 'sms', 'queued'), (2, 3, 33, 1, 'webhook', 'queued');
      insert into emails (organization_id, email_id, account_id, user_id, recipients, sender, subject, message,
        message_id, status, created_at, due_at) select 2, days, 2, 2, '[]', '', '', '', '', 'sent',
        now() - make_interval(days => days), case days when 33 then now() + interval '1 hour' end
        from generate_series(28, 33) as days`,
    values: [],
  })
  await Promise.all(processes.map(({ worker }) => worker.drain()))
  const [left] = await first.db.query({
    text: `select (select count(*) from request_log) as requests, (select count(*) from directory) as sessions,
      (select count(*) from login_failures) as failures, (select count(*) from vendor_budgets) as budgets,
      (select array_agg(notification_id::integer order by notification_id) from notifications) as notifications,
      (select array_agg(delivery_id::integer) from deliveries) as deliveries,
      (select array_agg(email_id::integer order by email_id) from emails) as emails`,
    values: [],
  })
  expect(left).toEqual({
    ...{ requests: 7, sessions: 3, failures: 1, budgets: 2 },
    // What is on its way is kept, but not where nothing is ever sent.
    ...{ notifications: [28, 29, 33], deliveries: [3], emails: [28, 29, 33] },
  })
  const claimed = processes.map(({ worker }) => worker.counts()['chores']?.claimed ?? 0)
  expect(processes.flatMap(({ errors }) => errors)).toEqual([])
  const due = await first.db.query<{ name: string; minutes: number }>({
    text: `select name, extract(epoch from due_at - now())::float8 / 60 as minutes from chores order by name`,
    values: [],
  })
  expect(due.map(({ name }) => name)).toContain('prune-request-log')
  // Each chore once, whichever process did it.
  expect(claimed.reduce((sum, one) => sum + one, 0)).toBe(due.length)
  for (const { name, minutes } of due)
    expect(Math.ceil(minutes - 0.01), name).toBe(name === 'tell-grant-notices' ? 1 : 60)
})

test('a chore that only a newer version knows is left to it', async () => {
  const { db, queue, worker, errors } = await openProcess(await createTestDatabase())
  await queue.ensure(choreTable, [{ organizationId: 1, name: 'invent-something' }])
  await worker.drain()
  expect(errors).toEqual([])
  const [row] = await db.query<{ seconds: number }>({
    text: `select extract(epoch from due_at - now())::float8 as seconds from chores where name like 'invent%'`,
    values: [],
  })
  expect(row?.seconds).toBeGreaterThan(50)
  expect(row?.seconds).toBeLessThan(61)
})
