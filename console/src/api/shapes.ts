import type { z } from 'zod'
import type {
  BulkErrorReply,
  BulkJobRowReply,
  BulkMadeReply,
  BulkStatusReply,
  ConnectReply,
  ConnectStartReply,
  DefinitionReply,
  ElementPreviewReply,
  EventReply,
  EventSubscriptionReply,
  ExpandedMetadataReply,
  InstanceReply,
  InstanceTestReply,
  OneEventReply,
  PollerReply,
  SecretsReply,
  SessionReply,
  TransformationReply,
  TransformationUseReply,
} from '#src/contract/index.ts'

/** The API's answers, from the schemas that it checks itself by. */
export type Session = z.output<typeof SessionReply>
export type SignedIn = NonNullable<Session['user']>
export type Secrets = z.output<typeof SecretsReply>
export type Metadata = z.output<typeof ExpandedMetadataReply>
export type Connect = Metadata['connect']
export type ConnectWay = Connect['ways'][number]
export type ConnectInputField = ConnectWay['inputs'][number]
export type ElementPreview = z.output<typeof ElementPreviewReply>
export type ResourcePreview = ElementPreview['resources'][number]
export type OperationPreview = ResourcePreview['operations'][number]
export type Connection = z.output<typeof ConnectReply>
export type StartedConnection = z.output<typeof ConnectStartReply>
export type Instance = z.output<typeof InstanceReply>
export type Grant = Instance['authentication'][number]
export type InstanceTest = z.output<typeof InstanceTestReply>
export type LoggedEvent = z.output<typeof EventReply>
export type OneEvent = z.output<typeof OneEventReply>
export type EventDelivery = OneEvent['deliveries'][number]
export type EventSubscription = z.output<typeof EventSubscriptionReply>
export type Poller = z.output<typeof PollerReply>
export type BulkMade = z.output<typeof BulkMadeReply>
export type BulkStatus = z.output<typeof BulkStatusReply>
export type BulkJobRow = z.output<typeof BulkJobRowReply>
export type BulkError = z.output<typeof BulkErrorReply>
export type Definition = z.output<typeof DefinitionReply>
export type MappingUse = z.output<typeof TransformationUseReply>
/** Where something is shown to stand. */
export type ShownLevel = Definition['level']
/** Where something can be stored. */
export type LevelName = Exclude<ShownLevel, 'system'>
export type Transformation = z.output<typeof TransformationReply>
/** A script as it is sent: of the level whose transformation holds it. */
export type MappingScript = Omit<NonNullable<Transformation['script']>, 'level'>
export type Row = Readonly<Record<string, unknown>>
