/** When a person first looked at the secrets, and first called a hub: what the page's checklist ticks. */
export const firstSteps = {
  id: 7,
  name: 'first steps',
  sql: `
alter table users add column secrets_seen_at timestamptz;
alter table users add column first_call_at timestamptz;
`,
} as const
