/**
 * Who runs, and the upkeep that one of them does. A process holds a session advisory lock on its owner
 * number as long as it lives; what it leased becomes free when that lock is gone (src/queue/presence.ts).
 * Chores are the system tenant's, organization 1.
 */
export const workThatIsDue = {
  id: 5,
  name: 'work that is due',
  sql: `
create table processes (
  owner bigint primary key,
  started_at timestamptz not null default now(),
  gone_at timestamptz
);

create table chores (
  organization_id bigint not null default 1,
  name text not null,
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, name)
);
create index chores_due on chores (due_at) where due_at is not null;
`,
} as const
