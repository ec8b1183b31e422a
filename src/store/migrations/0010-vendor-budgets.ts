/**
 * Calls that processes took of a vendor's published limit: `taken[i]` calls count until the vendor's window has passed
 * since `taken_at[i]`. `about` is the user, where the vendor counts by user, else empty.
 */
export const vendorBudgets = {
  id: 10,
  name: 'vendor budgets',
  sql: `
create table vendor_budgets (
  organization_id bigint not null,
  instance_id bigint not null,
  service text not null,
  about text not null,
  taken_at timestamptz[] not null,
  taken integer[] not null,
  granted integer not null,
  paused_until timestamptz,
  used_at timestamptz not null default now(),
  primary key (organization_id, instance_id, service, about)
);
create index vendor_budgets_by_use on vendor_budgets (used_at);
`,
} as const
