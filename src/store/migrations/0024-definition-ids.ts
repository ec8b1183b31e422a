/**
 * Numbers of common resources and of their fields. All levels of an organization that define one name are one resource,
 * so they have one number; the first ten thousand are those of ready-made resources. `vdr_version` says whether the replies of a level tell the numbers. Snippets are texts to start
 * scripts from.
 */
export const definitionIds = {
  id: 24,
  name: 'definition ids',
  sql: `
create sequence definition_ids start 10001;

alter table object_definitions add column vdr_id bigint;
update object_definitions as d set vdr_id = numbered.id
  from (select organization_id, object_name, nextval('definition_ids') as id
    from (select distinct organization_id, object_name from object_definitions) as names) as numbered
  where d.organization_id = numbered.organization_id and d.object_name = numbered.object_name;
alter table object_definitions alter column vdr_id set not null;
create index object_definitions_by_name on object_definitions (organization_id, object_name);
create index object_definitions_by_id on object_definitions (organization_id, vdr_id);

update object_definitions set fields = coalesce(
  (select jsonb_agg(jsonb_build_object('id', nextval('definition_ids')) || field order by at)
    from jsonb_array_elements(fields) with ordinality as each_field(field, at)), '[]');

alter table organizations add column vdr_version text not null default 'v1' check (vdr_version in ('v1', 'v2'));

create sequence snippet_ids;
create table snippets (
  organization_id bigint not null,
  snippet_id bigint not null default nextval('snippet_ids'),
  level text not null check (level in ('organization', 'account')),
  owner_id bigint not null,
  name text not null,
  body text not null,
  description text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, snippet_id)
);
`,
} as const
