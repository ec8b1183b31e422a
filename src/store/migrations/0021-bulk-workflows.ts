/**
 * Workflows: copies from one instance to others. Each is a group of bulk jobs, whose state tells that of the workflow:
 * one download an entry, with its `target`, and the upload that a download hands its records to. `call_id` is the job
 * on whose schedule it was made.
 */
export const bulkWorkflows = {
  id: 21,
  name: 'bulk-workflows',
  sql: `
alter table bulk_jobs add column target jsonb;

create table bulk_workflows (
  organization_id bigint not null,
  group_id bigint not null,
  instance_id bigint not null,
  call_id bigint,
  created_at timestamptz not null default now(),
  primary key (organization_id, group_id)
);
create index bulk_workflows_of_instance on bulk_workflows (organization_id, instance_id, group_id);
create index bulk_workflows_of_call on bulk_workflows (organization_id, call_id, group_id) where call_id is not null;
`,
} as const
