import type { Database } from '#src/store/index.ts'

/**
 * The rows, and two books that the database keeps by itself, whatever the processes say: every lease taken,
 * and every lease ended for good (the row has nothing more to do). Neither forbids a second entry.
 */
const tables = `
create table work (
  organization_id bigint not null,
  n bigint not null,
  kind text not null,
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, n)
);
create index work_due on work (due_at) where due_at is not null;
create table effects (n bigint not null, token uuid not null);
create table leases (n bigint not null, token uuid not null, owner bigint, at timestamptz not null);
create table ends (n bigint not null, token uuid, at timestamptz not null);
create function write_book() returns trigger language plpgsql as $$
begin
  if new.lease_token is not null and new.lease_token is distinct from old.lease_token then
    insert into leases values (new.n, new.lease_token, new.lease_owner, clock_timestamp());
  elsif new.due_at is null then
    insert into ends values (new.n, old.lease_token, clock_timestamp());
  end if;
  return null;
end $$;
create trigger write_book after update on work for each row execute function write_book();
`

/** Rows of several customers, each due at a moment of its own, all in the past. Every tenth is ended in batches. */
export const prepareWork = async (db: Database, rows: number): Promise<void> => {
  await db.query({ text: tables, values: [] })
  await db.query({
    text: `insert into work (organization_id, n, kind, due_at)
      select 2 + n % 40, n, case when n % 10 = 0 then 'batch' else 'effect' end,
        now() - make_interval(secs => ($1::float8 - n) / 1000) - interval '1 s' from generate_series(1, $1) as n`,
    values: [rows],
  })
  await db.query({ text: 'analyze work', values: [] })
}

export const countLeft = async (db: Database): Promise<number> => {
  const [row] = await db.query<{ left: number }>({
    text: 'select count(*) as left from work where due_at is not null',
    values: [],
  })
  return row?.left ?? 0
}

export const databaseTime = async (db: Database): Promise<Date> => {
  const [row] = await db.query<{ at: Date }>({ text: 'select clock_timestamp() as at', values: [] })
  if (row === undefined) throw new Error('no time')
  return row.at
}

export interface Totals {
  readonly rows: number
  readonly lost: number
  readonly endedTwice: number
  readonly effects: number
  readonly effectsMissing: number
  readonly effectsTwice: number
  readonly wrongEffects: number
  readonly leases: number
  readonly stillLeased: number
  /** Processes that still show themselves. */
  readonly living: number
  readonly seconds: number
}

/** Once nothing is written any more: questions about every row would take hours without. */
export const closeBooks = async (db: Database): Promise<void> => {
  await db.query({
    text: `create index on leases (n); create index on leases (owner); create index on ends (n);
      create index on ends (token); create index on effects (n); create index on effects (token);
      analyze leases; analyze ends; analyze effects; analyze work`,
    values: [],
  })
}

/** What the books say in the end. */
export const totals = async (db: Database): Promise<Totals> => {
  const [row] = await db.query<Totals>({
    text: `select
      (select count(*) from work) as rows,
      (select count(*) from work w where not exists (select from ends e where e.n = w.n)) as lost,
      (select count(*) from (select n from ends group by n having count(*) > 1) as d) as "endedTwice",
      (select count(*) from effects) as effects,
      (select count(*) from work w where kind = 'effect'
        and not exists (select from effects e where e.n = w.n)) as "effectsMissing",
      (select count(*) from (select n from effects group by n having count(*) > 1) as d) as "effectsTwice",
      (select count(*) from effects f where not exists
        (select from ends e where e.n = f.n and e.token = f.token)) as "wrongEffects",
      (select count(*) from leases) as leases,
      (select count(*) from work where lease_token is not null) as "stillLeased",
      (select count(*) from processes where not pg_try_advisory_xact_lock_shared(owner)) as living,
      (select extract(epoch from max(e.at) - min(l.at))::float8 from ends e, (select min(at) as at from leases) l)
        as seconds`,
    values: [],
  })
  if (row === undefined) throw new Error('no totals')
  return row
}

export interface Stop {
  readonly at: Date
  readonly owner: number
}

export interface Recovery {
  /** Rows that stopped processes held. */
  readonly held: number
  /** Of these, rows that nobody leased afterwards. */
  readonly never: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** How long rows that were held when their process was stopped waited to be leased again, in seconds. */
export const recovery = async (db: Database, stops: readonly Stop[]): Promise<Recovery> => {
  const [row] = await db.query<Recovery>({
    text: `with stops as (select * from unnest($1::timestamptz[], $2::bigint[]) as s(at, owner)),
      held as (
        select l.n, s.at, (select min(next.at) from leases next where next.n = l.n and next.at > s.at) as next_at
        from stops s join leases l on l.owner = s.owner and l.at <= s.at
        where not exists (select from ends e where e.n = l.n and (e.at <= s.at or e.token = l.token))
          and not exists (select from leases later where later.n = l.n and later.at > l.at and later.at <= s.at)),
      waits as (select extract(epoch from next_at - at)::float8 as seconds from held)
      select count(*) as held, count(*) filter (where seconds is null) as never,
        coalesce(percentile_cont(0.5) within group (order by seconds), 0) as p50,
        coalesce(percentile_cont(0.99) within group (order by seconds), 0) as p99,
        coalesce(max(seconds), 0) as max from waits`,
    values: [stops.map(({ at }) => at), stops.map(({ owner }) => owner)],
  })
  if (row === undefined) throw new Error('no recovery')
  return row
}

/** How many of these leases, `n token` each, ended or had an effect all the same; must be none. */
export const endedOf = async (db: Database, leases: readonly string[]): Promise<number> => {
  const [row] = await db.query<{ count: number }>({
    text: `with refused as (
        select r.n, r.token from unnest($1::bigint[], $2::uuid[]) as r(n, token))
      select (select count(*) from ends join refused using (n, token))
      + (select count(*) from effects join refused using (n, token)) as count`,
    values: [leases.map((one) => one.split(' ')[0]), leases.map((one) => one.split(' ')[1])],
  })
  return row?.count ?? 0
}
