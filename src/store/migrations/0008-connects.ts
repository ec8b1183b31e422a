/**
 * Connections on their way: a person is at the vendor's consent page, which comes back to this server. The state
 * that comes back is looked up by its hash in the directory, once. `sealed` holds what the connection will be
 * made of, and is gone when it ends.
 */
export const connects = {
  id: 8,
  name: 'connects',
  sql: `
create sequence connect_ids start with 2;
alter table directory drop constraint directory_kind_check;
alter table directory add constraint directory_kind_check
  check (kind in ('user', 'organization', 'element', 'email', 'session', 'connect'));
create table connects (
  organization_id bigint not null,
  connect_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  element_key text not null,
  sealed bytea,
  binding_hash text,
  state text not null default 'waiting' check (state in ('waiting', 'connected', 'failed')),
  instance_id bigint,
  error jsonb,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (organization_id, connect_id)
);
`,
} as const
