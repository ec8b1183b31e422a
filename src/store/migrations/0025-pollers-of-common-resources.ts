/**
 * Of which resource of the vendor a poller remembers rows: what a name is mapped to may change. Null: of the one that
 * its entry names.
 */
export const pollersOfCommonResources = {
  id: 25,
  name: 'pollers-of-common-resources',
  sql: `
alter table pollers add column seen_of text;
`,
} as const
