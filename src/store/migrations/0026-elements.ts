/**
 * Elements that an organization posted, each one JSON document (spec/contract.md 2.1): whole, or what differs from the
 * element of the catalogue that it was cloned from. Their ids begin far above the catalogue's. `element_item_ids`
 * numbers what a document holds: configuration keys, parameters, resources, hooks, models, objects, fields; above the
 * numbers of what the catalogue's elements hold. `origin_id` is the element that the first of a line of clones was made of. `json`, not
 * `jsonb`: the order of members is the customer's. Extensions are resources that one account added to an element of the
 * catalogue or of another account; `element_changes` counts changes of an organization, and puts them in a row.
 */
export const elements = {
  id: 26,
  name: 'elements',
  sql: `
create sequence element_ids start 20000;
create sequence element_item_ids start 1000000;

create table elements (
  organization_id bigint not null,
  element_id bigint not null,
  account_id bigint not null,
  user_id bigint not null,
  key text not null,
  cloned_from text,
  origin_id bigint not null,
  document json not null,
  secrets_sealed bytea,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, element_id)
);
create unique index elements_by_key on elements (organization_id, lower(key));

create table element_extensions (
  organization_id bigint not null,
  element_id bigint not null,
  account_id bigint not null,
  resources json not null,
  primary key (organization_id, element_id, account_id)
);

create table element_shares (
  organization_id bigint not null,
  element_id bigint not null,
  account_id bigint not null,
  primary key (organization_id, element_id, account_id)
);

create table element_changes (
  organization_id bigint primary key,
  changes bigint not null
);

create index instances_of_element on instances (organization_id, element_key);
`,
} as const
