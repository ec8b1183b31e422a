/** E-mails on their way: work that is due until each is taken by the mail server, refused, or given up. */
export const emails = {
  id: 12,
  name: 'emails',
  sql: `
create sequence email_ids;

create table emails (
  organization_id bigint not null,
  email_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  recipients jsonb not null,
  sender text not null,
  subject text not null,
  message text not null,
  message_id text not null,
  status text not null check (status in ('created', 'retry', 'queued', 'sent', 'failed')),
  tries integer not null default 0,
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, email_id)
);
create index emails_due on emails (due_at) where due_at is not null;
create index emails_by_time on emails (created_at);
`,
} as const
