/**
 * Room in the pages of tables whose rows are leased and ended all the time, so that a lease writes no index. The index
 * by object holds no list of entries yet to be sorted in: each look would read the whole of it.
 */
export const hotTables = {
  id: 15,
  name: 'hot tables',
  sql: `
alter table pollers set (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05);
alter table deliveries set (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05);
alter index deliveries_open_objects set (fastupdate = off);
select gin_clean_pending_list('deliveries_open_objects');
`,
} as const
