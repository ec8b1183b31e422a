/** In whose words a vendor ended a grant, so that every later answer can tell them too. */
export const grantRefusal = {
  id: 3,
  name: 'grant refusal',
  sql: `
alter table grants add column provider_message text;
alter table grants add column provider_correlation_id text;
`,
} as const
