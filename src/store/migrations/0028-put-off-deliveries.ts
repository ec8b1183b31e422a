/**
 * Which receiver had no room for a delivery, so that whoever finds room there again sends it at once. The index of what
 * is open goes by due time, for putting off what is due to a subscription beside much that is not. Each has the
 * due time as an expression of its own: so PostgreSQL takes it, with whatever statistics, and no other.
 */
export const putOffDeliveries = {
  id: 28,
  name: 'put-off deliveries',
  sql: `
alter table deliveries add column put_off_by text not null default '';
create index deliveries_put_off on deliveries (put_off_by, coalesce(due_at, '-infinity')) where put_off_by <> '';
drop index deliveries_open;
create index deliveries_open on deliveries (organization_id, subscription_id, coalesce(due_at, 'infinity'))
  where status in ('created', 'retry', 'queued');
`,
} as const
