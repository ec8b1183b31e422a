/**
 * The index by object of open deliveries, by a condition that no other index shares: where statistics were taken while
 * hardly anything was open, PostgreSQL otherwise went through all that is open of a subscription, for each new delivery.
 */
export const openObjects = {
  id: 27,
  name: 'open objects',
  sql: `
drop index deliveries_open_objects;
create index deliveries_open_objects on deliveries using gin (objects) with (fastupdate = off)
  where status not in ('notified', 'delivered') and objects <> '{}';
`,
} as const
