/**
 * Bulk jobs. A download's rows lie in files, its parts; `checkpoint` tells where it goes on, and moves in the
 * transaction that notes a part. An upload notes which rows it is about to send (`sending`) before it does.
 * `file_key_sealed` is the key of the job's files. A process tells which store of files it uses: all must use one.
 */
export const bulk = {
  id: 20,
  name: 'bulk',
  sql: `
alter table processes add column files text not null default '';

create sequence bulk_ids;

create table bulk_jobs (
  organization_id bigint not null,
  job_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  instance_id bigint not null,
  direction text not null check (direction in ('DOWNLOAD', 'UPLOAD')),
  asked_by text not null check (asked_by in ('query', 'download', 'upload', 'workflow')),
  object_name text not null,
  state text not null default 'CREATED'
    check (state in ('CREATED', 'RUNNING', 'COMPLETED', 'ABORTED', 'CANCELLED')),
  criteria jsonb not null,
  checkpoint jsonb not null,
  sending jsonb,
  records bigint not null default 0,
  failed bigint not null default 0,
  expected bigint,
  bytes bigint not null default 0,
  columns jsonb not null default '[]',
  message text,
  failures integer not null default 0,
  cancelling boolean not null default false,
  format text not null,
  file_name text,
  file_key_sealed bytea,
  callback_url text,
  callback_payload text,
  subscription_id bigint,
  group_id bigint,
  version bigint not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  spent_ms bigint not null default 0,
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, job_id)
);
create index bulk_jobs_due on bulk_jobs (due_at) where due_at is not null;
create index bulk_jobs_of_instance on bulk_jobs (organization_id, instance_id, job_id);
create index bulk_jobs_of_group on bulk_jobs (organization_id, group_id) where group_id is not null;
create index bulk_jobs_unfinished on bulk_jobs (organization_id, job_id) where finished_at is null;

create table bulk_parts (
  organization_id bigint not null,
  job_id bigint not null,
  part integer not null,
  name text not null,
  first_record bigint not null,
  records bigint not null,
  bytes bigint not null,
  primary key (organization_id, job_id, part)
);

create table bulk_errors (
  organization_id bigint not null,
  job_id bigint not null,
  record bigint not null,
  column_name text,
  message text not null,
  status integer,
  provider_message text,
  provider_code text,
  in_doubt boolean not null default false,
  primary key (organization_id, job_id, record)
);
`,
} as const
