/**
 * Definitions of common resources, and how each element's resources are mapped to them. Both stand at a level:
 * `owner_id` is the number of the organization, account or instance. A level's row tells its own fields only; what an
 * instance answers is merged from them when it is opened.
 */
export const transformations = {
  id: 22,
  name: 'transformations',
  sql: `
create table object_definitions (
  organization_id bigint not null,
  level text not null check (level in ('organization', 'account', 'instance')),
  owner_id bigint not null,
  object_name text not null,
  description text,
  fields jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, level, owner_id, object_name)
);

create table transformations (
  organization_id bigint not null,
  level text not null check (level in ('organization', 'account', 'instance')),
  owner_id bigint not null,
  element_key text not null,
  object_name text not null,
  vendor_name text not null,
  display_name text,
  is_legacy boolean not null,
  fields jsonb not null,
  configuration jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, level, owner_id, element_key, object_name)
);
create index transformations_by_name on transformations (organization_id, object_name);
`,
} as const
