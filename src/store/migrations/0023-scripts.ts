/** Scripts of transformations, and what the request log tells of those that failed. */
export const scripts = {
  id: 23,
  name: 'scripts',
  sql: `
alter table transformations add column script jsonb;
alter table request_log add column script_error text;
`,
} as const
