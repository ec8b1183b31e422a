// The kit that an element is written with: types and small pure functions.
// No vendor's name, no input or output, nothing that keeps state.

export { isJsonObject as isRecord, type Json, type JsonObject } from '#src/lib/json.ts'
export type {
  Auth,
  BasicAuth,
  CodedExchange,
  CodedMigration,
  CodedNative,
  CodedRefresh,
  CodedRefusal,
  CodedReply,
  ConfiguredAuth,
  ConsentAuth,
  ConsentInput,
  CustomAuth,
  MigrationReply,
  Oauth1,
  OauthClient,
  OauthCode,
  OauthCoded,
  OauthPassword,
  OauthRefusal,
  Principal,
  StandardAuth,
  TokenPort,
  TokenReply,
  TokenRequest,
  TokenSettings,
} from './auth.ts'
export { hasConsent, isConfigured, isStandard, tellsBaseUrl } from './auth.ts'
export type { ConnectGuide } from './connect-guide.ts'
export type {
  Content,
  ContentForm,
  ContentRead,
  ContentWrite,
  LinkInReply,
  UploadCreate,
  UploadForm,
} from './content.ts'
export type {
  AddressParam,
  Changes,
  ConfigField,
  Element,
  ElementEnvironment,
  ErrorRule,
  Features,
  Field,
  Members,
  OpenFields,
  Owner,
  Place,
  Resource,
} from './element.ts'
export {
  bracesOf,
  type FoundPath,
  type HubAction,
  type HubMethod,
  type HubPath,
  hubPathOf,
  pathResources,
} from './hub-path.ts'
export { joinKey, splitKey } from './key.ts'
export type { Chosen, FieldType, Filter, FilterGroups, FilterStyle, Pagination } from './listing.ts'
export type { Passthrough } from './passthrough.ts'
export { type Path, readPath } from './path.ts'
export { configOf } from './platform-config.ts'
export { pollerDefaults, usualPollerQuery, usualPollers } from './poller-defaults.ts'
export type { PortFile, PortForm, PortReply, PortRequest, VendorPort } from './port.ts'
export type { ReadyMade, ReadyMadeField, ReadyMadeKind, Template } from './ready-made.ts'
export { readyMadeExpense } from './ready-made-expense.ts'
export { badInput, notFound, vendorFailed, vendorRefused } from './refuse.ts'
export { resourceIn } from './resource-in.ts'
export type { Sandbox, TourCall } from './sandbox.ts'
export type { PublishedLimit, Service } from './service.ts'
export type { Site, SiteChoice, Vendor } from './site.ts'
export type {
  Action,
  ActionField,
  AnsweredRow,
  Call,
  Coded,
  CollectionResult,
  CollectionRun,
  CreateCall,
  CreateRun,
  FileRequest,
  Given,
  GuardedWrite,
  Listed,
  NewId,
  PortPage,
  RemoveCall,
  RemoveRun,
  RetrieveRun,
  SearchCall,
  SearchRun,
  Shows,
  TokenIn,
  Translate,
  UpdateCall,
  UpdateRun,
  VendorMethod,
  Verbs,
  WriteGuard,
} from './verbs.ts'
