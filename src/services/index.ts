// The business, one room each: accounts, calls, catalogue, docs, instances, keys, mapping, objects, transformations and more.
// No HTTP and no SQL; a service takes values, returns values, or throws AppError.
export { type Accounts, type Caller, createAccounts } from './accounts/index.ts'
export {
  type Bulk,
  type BulkError,
  type BulkJob,
  createBulk,
  type DownloadAsked,
  type JobAsked,
  mostUploadBytes,
  type Receiving,
  readSelect,
  type UploadAsked,
  type Workflow,
  type WorkflowEntry,
} from './bulk/index.ts'
export {
  type CallInput,
  type Calls,
  createCalls,
  type JobView,
  type OwnCall,
  type OwnReply,
} from './calls/index.ts'
export { type Catalogue, createCatalogue, type Seen } from './catalogue/index.ts'
export { type Connects, createConnects } from './connects/index.ts'
export { type DocsOptions, openApiOf, swaggerOf, swaggerOfAll, swaggerOfObject } from './docs/index.ts'
export { createElements, type Elements, type PartPlace } from './elements/index.ts'
export { createEventLog, type EventLog, eventUnits, usualUnit } from './event-log/index.ts'
export { createEvents, type Events } from './events/index.ts'
export {
  createInstances,
  type Instances,
  type InstanceView,
  largestPage as largestInstancePage,
  type OpenInstance,
} from './instances/index.ts'
export { createKeyRotation } from './keys/index.ts'
export { createNotifications, type Notifications } from './notifications/index.ts'
export {
  createObjects,
  documentedElement,
  elementPath,
  type HubCall,
  hubResourceNamed,
  isPathOf,
  type Objects,
  objectMetadata,
  objectSummaries,
  type PassedRequest,
  type RowReply,
  resourceNamed,
  shownInDocs,
} from './objects/index.ts'
export {
  createRequestLog,
  nowhere,
  type RequestLog,
  type RequestTrace,
  recordIn,
} from './request-log/index.ts'
export { createTransformScripts } from './scripts/index.ts'
export {
  createTransformations,
  type DefinitionInput,
  type LevelAsked,
  type MappedLevels,
  type MappedPart,
  type Transformation,
  type TransformationDraft,
  type TransformationInput,
  type Transformations,
  type Vdr,
  type VdrInput,
} from './transformations/index.ts'
