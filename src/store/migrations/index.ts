import { firstTables } from './0001-first.ts'
import { instanceTracing } from './0002-instance-tracing.ts'
import { grantRefusal } from './0003-grant-refusal.ts'
import { grantsThatSurvive } from './0004-grants-that-survive.ts'
import { workThatIsDue } from './0005-work-that-is-due.ts'
import { firstSteps } from './0007-first-steps.ts'
import { connects } from './0008-connects.ts'
import { consentsShared } from './0009-consents-shared.ts'
import { vendorBudgets } from './0010-vendor-budgets.ts'
import { events } from './0011-events.ts'
import { emails } from './0012-emails.ts'
import { calls } from './0013-calls.ts'
import { eventLog } from './0014-event-log.ts'
import { hotTables } from './0015-hot-tables.ts'
import { bulk } from './0020-bulk.ts'
import { bulkWorkflows } from './0021-bulk-workflows.ts'
import { transformations } from './0022-transformations.ts'
import { scripts } from './0023-scripts.ts'
import { definitionIds } from './0024-definition-ids.ts'
import { pollersOfCommonResources } from './0025-pollers-of-common-resources.ts'
import { elements } from './0026-elements.ts'
import { openObjects } from './0027-open-objects.ts'
import { putOffDeliveries } from './0028-put-off-deliveries.ts'

/** Every migration, in order. An applied one is never edited: a change is a new one. */
export const migrations = [
  firstTables,
  instanceTracing,
  grantRefusal,
  grantsThatSurvive,
  workThatIsDue,
  firstSteps,
  connects,
  consentsShared,
  vendorBudgets,
  events,
  emails,
  calls,
  eventLog,
  hotTables,
  bulk,
  bulkWorkflows,
  transformations,
  scripts,
  definitionIds,
  pollersOfCommonResources,
  elements,
  openObjects,
  putOffDeliveries,
] as const
