/**
 * Events: what is polled, what was found or told (a notification, fixed when it is stored), who wants it
 * (subscriptions), and each sending of one to one subscription (a delivery). Pollers and deliveries are work that is
 * due. `deliveries.after_delivery` holds a delivery back behind an earlier one about the same object. What
 * vendors call about is found in `directory`: by an instance's id (`instance`), or by a value in the call (`finder`).
 */
export const events = {
  id: 11,
  name: 'events',
  sql: `
create sequence notification_ids;
create sequence subscription_ids;
create sequence delivery_ids;

create table pollers (
  organization_id bigint not null,
  instance_id bigint not null,
  object_type text not null,
  entry jsonb not null,
  interval_seconds integer not null,
  active boolean not null default true,
  started_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  floor_at timestamptz,
  polled_at timestamptz,
  skew_ms float8,
  newest_at timestamptz,
  seen text,
  last_found_at timestamptz,
  found bigint not null default 0,
  failures integer not null default 0,
  failed_at timestamptz,
  failure text,
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, instance_id, object_type)
);
create index pollers_due on pollers (due_at) where due_at is not null;

create table notifications (
  organization_id bigint not null,
  notification_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  instance_id bigint,
  event_id text,
  kind text not null
    check (kind in ('poll', 'inbound', 'authentication', 'manual', 'async', 'bulk', 'test')),
  topic text not null,
  severity text not null,
  sender text not null,
  object_type text,
  objects text[] not null default '{}',
  body text not null,
  acknowledged boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (organization_id, notification_id)
);
create unique index notifications_by_event on notifications (organization_id, event_id) where event_id is not null;
create index notifications_by_topic on notifications (organization_id, topic, notification_id);
create index notifications_of_instance on notifications (organization_id, instance_id, notification_id)
  where instance_id is not null;
create index notifications_by_time on notifications (created_at);

create table subscriptions (
  organization_id bigint not null,
  subscription_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  instance_id bigint,
  channel text not null check (channel in ('webhook', 'email', 'sms', 'push')),
  topics text[] not null,
  config jsonb not null,
  active boolean not null default true,
  inactive_reason text,
  created_at timestamptz not null default now(),
  primary key (organization_id, subscription_id)
);
create index subscriptions_by_topic on subscriptions using gin (topics);
create unique index subscription_of_instance on subscriptions (organization_id, instance_id)
  where instance_id is not null;

create table deliveries (
  organization_id bigint not null,
  delivery_id bigint not null,
  notification_id bigint not null,
  subscription_id bigint not null,
  channel text not null,
  status text not null default 'created' check (status in ('created', 'retry', 'queued', 'notified', 'delivered')),
  tries integer not null default 0,
  after_delivery bigint,
  objects text[] not null default '{}',
  log jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  delivered_at timestamptz,
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, delivery_id)
);
create index deliveries_due on deliveries (due_at) where due_at is not null;
create index deliveries_of_notification on deliveries (organization_id, notification_id);
create index deliveries_open on deliveries (organization_id, subscription_id, delivery_id)
  where status in ('created', 'retry', 'queued');
create index deliveries_open_objects on deliveries using gin (objects)
  where status in ('created', 'retry', 'queued') and objects <> '{}';
create index deliveries_waiting on deliveries (organization_id, after_delivery) where after_delivery is not null;

alter table directory drop constraint directory_kind_check;
alter table directory add constraint directory_kind_check
  check (kind in ('user', 'organization', 'element', 'email', 'session', 'connect', 'instance', 'finder'));
insert into directory (kind, key, organization_id, subject_id)
  select 'instance', instance_id::text, organization_id, instance_id from instances;

create table account_settings (
  organization_id bigint not null,
  account_id bigint not null,
  key text not null,
  value text not null,
  primary key (organization_id, account_id, key)
);
`,
} as const
