/**
 * Grants are work that is due: renewed ahead of their end while they are in use, kept alive while they are
 * not. `renewing_since` stays behind when a renewal was cut off, and says so to whoever comes next.
 * A notice is what a customer is told about a grant, once.
 */
export const grantsThatSurvive = {
  id: 4,
  name: 'grants that survive',
  sql: `
alter table grants add column auth_type text;
alter table grants add column renewed_at timestamptz not null default now();
alter table grants add column used_at timestamptz;
alter table grants add column renewing_since timestamptz;
alter table grants add column due_at timestamptz;
alter table grants add column lease_until timestamptz;
alter table grants add column lease_token uuid;
alter table grants add column lease_owner bigint;
alter table grants add column attempts integer not null default 0;
update grants set due_at = now() where state = 'ok';
create index grants_due on grants (due_at) where due_at is not null;

create table grant_notices (
  organization_id bigint not null,
  instance_id bigint not null,
  principal text not null check (principal in ('user', 'company')),
  kind text not null check (kind in ('expiring', 'needs-reconnect')),
  about text not null,
  ends_at timestamptz,
  reason text,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  primary key (organization_id, instance_id, principal, kind, about)
);
`,
} as const
