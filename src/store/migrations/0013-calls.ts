/**
 * Calls of our own API that run later: jobs on a schedule and asynchronous calls. What a call carries is sealed, the
 * values of its query among it. `started_at` stays behind when a run was cut off. A told asynchronous call waits until
 * its subscription has nothing on its way.
 */
export const calls = {
  id: 13,
  name: 'calls',
  sql: `
create sequence call_ids;
create sequence call_run_ids;

create table calls (
  organization_id bigint not null,
  call_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  instance_id bigint,
  kind text not null check (kind in ('job', 'async')),
  state text not null default 'waiting' check (state in ('waiting', 'told')),
  name text not null,
  description text not null,
  method text not null,
  path text not null,
  request_sealed bytea,
  body_sealed bytea,
  cron text,
  enabled boolean not null default true,
  subscription_id bigint,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  told_at timestamptz,
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, call_id)
);
create index calls_due on calls (due_at) where due_at is not null;
create index calls_of_user on calls (organization_id, user_id, call_id) where kind = 'job';

create table call_runs (
  organization_id bigint not null,
  call_id bigint not null,
  run_id bigint not null,
  at timestamptz not null,
  status integer,
  ms float8,
  error text,
  request_id text,
  primary key (organization_id, call_id, run_id)
);
`,
} as const
