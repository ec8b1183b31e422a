/**
 * From whose consent for which application a grant came, as hashes: vendors drop all grants of a person for an
 * application at once, whoever holds them.
 */
export const consentsShared = {
  id: 9,
  name: 'consents shared',
  sql: `
alter table grants add column application_hash text;
alter table grants add column subject_hash text;
create index grants_of_application on grants (application_hash, subject_hash);
`,
} as const
