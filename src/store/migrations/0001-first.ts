/**
 * The first tables. Every table with customer data leads its key with `organization_id`, and no
 * statement joins two organizations, so that a distributed PostgreSQL can spread them.
 * `directory` is the one place that leads from a secret's hash or an e-mail to an organization.
 * Id 1 of organizations, accounts and users is a system tenant's (spec/behaviour.md 0, foreign ids).
 */
export const firstTables = {
  id: 1,
  name: 'first tables',
  sql: `
create sequence organization_ids start with 2;
create sequence account_ids start with 2;
create sequence user_ids start with 2;
create sequence instance_ids start with 2;

create table organizations (
  organization_id bigint primary key,
  name text not null,
  secret_sealed bytea,
  created_at timestamptz not null default now()
);

create table accounts (
  organization_id bigint not null,
  account_id bigint not null,
  name text not null,
  external_id text not null,
  default_account boolean not null default false,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (organization_id, account_id)
);

create table users (
  organization_id bigint not null,
  user_id bigint not null,
  account_id bigint not null,
  email text not null,
  first_name text not null,
  last_name text not null,
  password_hash text,
  secret_sealed bytea,
  active boolean not null default true,
  last_login_date date,
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);

create table directory (
  kind text not null check (kind in ('user', 'organization', 'element', 'email', 'session')),
  key text not null,
  organization_id bigint not null,
  subject_id bigint not null,
  expires_at timestamptz,
  primary key (kind, key)
);
create index directory_by_subject on directory (organization_id, kind, subject_id);
create index directory_expiring on directory (expires_at) where expires_at is not null;

create table login_failures (
  email_key text primary key,
  started_at timestamptz not null,
  failures integer not null
);

create table instances (
  organization_id bigint not null,
  instance_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  element_key text not null,
  name text not null,
  tags text[] not null,
  configuration jsonb not null,
  secrets_sealed bytea,
  token_sealed bytea not null,
  external_authentication text not null default 'none',
  disabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  primary key (organization_id, instance_id)
);
create index instances_of_user on instances (organization_id, user_id, instance_id);

create table grants (
  organization_id bigint not null,
  instance_id bigint not null,
  principal text not null check (principal in ('user', 'company')),
  sealed bytea not null,
  expires_at timestamptz not null,
  refresh_expires_at timestamptz,
  scopes text[] not null,
  state text not null default 'ok' check (state in ('ok', 'needs-reconnect')),
  reason text,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (organization_id, instance_id, principal)
);

create table request_log (
  organization_id bigint not null,
  request_id text not null,
  at timestamptz not null,
  account_id bigint,
  user_id bigint,
  instance_id bigint,
  element_key text,
  method text not null,
  path text not null,
  remote_address text not null,
  status integer not null,
  duration_ms real not null,
  error_code text,
  plan text,
  vendor_calls jsonb not null,
  primary key (organization_id, request_id)
);
create index request_log_by_time on request_log (at);

create table encryption_keys (
  key_id text primary key,
  canary bytea not null,
  created_at timestamptz not null default now()
);

insert into organizations (organization_id, name) values (1, 'system');
insert into accounts (organization_id, account_id, name, external_id, default_account)
  values (1, 1, 'system', 'system', true);
insert into users (organization_id, user_id, account_id, email, first_name, last_name, active)
  values (1, 1, 1, 'system', 'System', 'Tenant', false);
`,
} as const
