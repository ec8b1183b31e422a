import type { Database } from '#src/store/index.ts'

/**
 * Notes each poll in the transaction that stores it. Between what a poll stored of itself and the deliveries of what it
 * found, and between an answer of a receiver and its commit, the database takes its time, so that kills fall there.
 */
const setUp = `create table proof_polls (instance_id bigint not null, object_type text not null,
    began timestamptz not null, ended timestamptz not null);
  create function proof_note_poll() returns trigger language plpgsql as $$ begin
    insert into proof_polls values (new.instance_id, new.object_type, new.polled_at, clock_timestamp());
    return null; end $$;
  create trigger proof_note_poll after update on pollers for each row
    when (new.polled_at is distinct from old.polled_at) execute function proof_note_poll();
  create function proof_wait() returns trigger language plpgsql as $$ begin
    perform pg_sleep(random() * tg_argv[0]::float8); return null; end $$;
  create trigger proof_wait after insert on notifications for each statement execute function proof_wait('0.12');
  create trigger proof_wait after update of status on deliveries for each statement
    execute function proof_wait('0.04')`

/** A poll that was stored, by this machine's clock. */
export interface PollNoted {
  readonly instanceId: number
  readonly type: string
  readonly beganAtMs: number
  readonly endedAtMs: number
}

/** An event as the database has it in the end. */
export interface Stored {
  readonly eventId: string
  readonly instanceId: number
  readonly body: string
  /** Of its one delivery. */
  readonly status: string | null
}

/** What is due, or waits for something that never comes; null: nothing will make it due. */
export interface Waiting {
  readonly what: 'poller' | 'delivery'
  readonly name: string
  readonly ms: number | null
}

const open = `status in ('created', 'retry', 'queued')`

const waiting = `select 'poller' as what, instance_id || ' ' || object_type as name,
      extract(epoch from clock_timestamp() - due_at)::float8 * 1000 as ms
    from pollers where active and (due_at is null or due_at <= now())
  union all
  select 'delivery', delivery_id::text, extract(epoch from clock_timestamp() - due_at)::float8 * 1000
    from deliveries d where d.${open} and (due_at <= now() or d.status = 'queued' or (due_at is null and not exists (
      select 1 from deliveries b where b.organization_id = d.organization_id and b.delivery_id = d.after_delivery
        and b.${open})))`

/** Owner numbers of processes, as their advisory locks show them. */
const owners = `select a.application_name as application, (l.classid::bigint << 32) | l.objid::bigint as owner
  from pg_locks l join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.objsubid = 1 and l.granted and a.datname = current_database()
    and l.database = a.datid`

/** What the proof asks of the product's database. */
export const createBooks = (db: Database) => ({
  setUp: () => db.query({ text: setUp, values: [] }),
  /** From now on every second, though the product allows no less than a minute. */
  pollEverySecond: () =>
    db.query({ text: 'update pollers set interval_seconds = 1, due_at = now()', values: [] }),
  polls: async (): Promise<readonly PollNoted[]> =>
    db.query<PollNoted>({
      text: `select instance_id as "instanceId", object_type as type,
          extract(epoch from began)::float8 * 1000 as "beganAtMs",
          extract(epoch from ended)::float8 * 1000 as "endedAtMs"
        from proof_polls order by ended`,
      values: [],
    }),
  /** How many pollers have stored a poll that began after this moment. */
  polledSince: async (atMs: number): Promise<number> => {
    const rows = await db.query({
      text: 'select 1 from pollers where active and polled_at > to_timestamp($1 / 1000.0)',
      values: [atMs],
    })
    return rows.length
  },
  waiting: () => db.query<Waiting>({ text: waiting, values: [] }),
  owners: () => db.query<{ application: string; owner: number }>({ text: owners, values: [] }),
  /** What a process that was just killed had in hand. */
  heldBy: async (numbers: readonly number[]) => {
    const [row] = await db.query<{ pollers: number; deliveries: number }>({
      text: `select (select count(*) from pollers where lease_owner = any($1::bigint[])) as pollers,
        (select count(*) from deliveries where lease_owner = any($1::bigint[])) as deliveries`,
      values: [numbers],
    })
    return row ?? { pollers: 0, deliveries: 0 }
  },
  /** What waits for its time to be tried again is tried now. @returns how many deliveries are not done. */
  hurry: async (): Promise<number> => {
    await db.query({
      text: `update deliveries set due_at = now() where status = 'retry' and due_at > now();
        select pg_notify('due', 'deliveries')`,
      values: [],
    })
    const rows = await db.query({ text: `select 1 from deliveries where ${open}`, values: [] })
    return rows.length
  },
  stored: () =>
    db.query<Stored>({
      text: `select n.event_id as "eventId", n.instance_id as "instanceId", n.body, d.status
        from notifications n left join deliveries d using (organization_id, notification_id)
        where n.kind in ('poll', 'inbound')`,
      values: [],
    }),
  /** How many events the pollers say that they found, over all. */
  found: async (): Promise<number> => {
    const [row] = await db.query<{ found: number }>({
      text: 'select coalesce(sum(found), 0)::bigint as found from pollers',
      values: [],
    })
    return row?.found ?? 0
  },
  leases: async (): Promise<number> => {
    const [row] = await db.query<{ count: number }>({
      text: `select (select count(*) from pollers where lease_until is not null)
        + (select count(*) from deliveries where lease_until is not null) as count`,
      values: [],
    })
    return row?.count ?? 0
  },
})

export type Books = ReturnType<typeof createBooks>
