/** Until when an instance's calls are traced (spec/contract.md 2.2, trace-logging). */
export const instanceTracing = {
  id: 2,
  name: 'instance tracing',
  sql: 'alter table instances add column trace_until timestamptz;',
} as const
