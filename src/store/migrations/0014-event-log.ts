/**
 * How the event log is read: an instance's events newest first, an account's by time, and those whose sending failed.
 * The first takes the place of the index by instance and id.
 */
export const eventLog = {
  id: 14,
  name: 'event log',
  sql: `
drop index if exists notifications_of_instance;
create index notifications_of_instance on notifications (organization_id, instance_id, created_at, notification_id)
  where instance_id is not null;
create index events_by_time on notifications (organization_id, account_id, created_at) include (notification_id, instance_id)
  where event_id is not null and kind in ('poll', 'inbound', 'authentication', 'test') and instance_id is not null;
create index deliveries_that_failed on deliveries (organization_id, notification_id)
  where log @? '$[*] ? (!(@.status >= 200 && @.status < 300))';
`,
} as const
