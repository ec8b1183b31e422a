import { z } from 'zod'
import { ElementConnect } from './element-connect.ts'

const blankIsAbsent = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value

const text = z.preprocess(blankIsAbsent, z.string().optional())

const count = (name: string) =>
  z.preprocess(
    blankIsAbsent,
    z
      .string()
      .regex(/^\s*\d{1,9}\s*$/, { error: `${name} is a whole number` })
      .transform(Number)
      .optional(),
  )

/** `true` in any case; everything else that is sent means false. */
const flag = z.preprocess(
  blankIsAbsent,
  z
    .string()
    .transform((value) => value.trim().toLowerCase() === 'true')
    .optional(),
)

/** spec/contract.md 2.1, GET /elements. Unknown names are tolerated. */
export const ElementQuery = z.looseObject({
  where: text,
  abridged: flag,
  pageSize: count('pageSize'),
  page: count('page'),
  nextPage: text,
})

export const ExpandQuery = z.looseObject({ expand: flag })
/** Of an account's additions alone. */
export const AccountOnlyQuery = z.looseObject({ accountOnly: flag })
export const ExportQuery = z.looseObject({ extendedOnly: flag })
export const HydrateQuery = z.looseObject({ hydrate: flag })

/** Empty counts as absent, as it does for `nextPage`. */
const maybe = z
  .string()
  .optional()
  .transform((text) => (text?.trim() ? text : undefined))

/** spec/contract.md 5. Other keys (configuration of the element) are tolerated. */
export const OauthUrlInput = z.looseObject({
  apiKey: z.string().min(1),
  apiSecret: z.string().optional(),
  callbackUrl: z.url({ error: 'must be a full URL such as https://app.example/callback' }),
  scope: maybe,
  siteAddress: maybe,
  'site.address': maybe,
  'authentication.type': maybe,
  state: maybe,
  /** Of OAuth 1.0: the token of GET .../oauth/token. */
  requestToken: maybe,
})

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value : (value.at(-1) ?? '')))

/** Any properties of the element (spec/behaviour.md 3); of a name sent twice the last counts. */
export const DefaultOauthUrlQuery = z.record(z.string(), oneOrMany)

/** What a consent of OAuth 1.0 begins with (spec/behaviour.md 3). */
export const RequestTokenInput = OauthUrlInput.extend({ apiSecret: z.string().min(1) })
export const RequestTokenReply = z.object({ token: z.string(), secret: z.string() })

export const OauthUrlReply = z.object({ element: z.string(), oauthUrl: z.string() })
export const DefaultOauthUrlReply = OauthUrlReply.extend({ configuration: z.record(z.string(), z.string()) })

const Events = z.object({
  supported: z.boolean(),
  methods: z.array(z.enum(['polling', 'webhook'])).readonly(),
  polling: z.record(z.string(), z.object({ idField: z.string() })).optional(),
})

/** spec/behaviour.md 4, metadata: what clients check. */
export const ElementMetadataReply = z.looseObject({
  id: z.number().int(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  active: z.boolean(),
  beta: z.boolean(),
  displayOrder: z.number().int(),
  authenticationType: z.string(),
  events: Events,
  transformations: z.boolean(),
  cloneable: z.boolean(),
  hub: z.string(),
  bulk: z.object({ upload: z.boolean(), download: z.boolean() }),
  discovery: z.object({
    customFields: z.boolean(),
    customObjects: z.boolean(),
    endpointCustomFields: z.boolean(),
    endpointCustomObjects: z.boolean(),
  }),
  apiDocumentationUrl: z.string(),
  authenticationFrameworks: z.array(z.string()).readonly(),
})

const Bulk = z.object({ supported: z.boolean(), native: z.boolean() })

/** spec/behaviour.md 4, metadata with `expand=true`. */
export const ExpandedMetadataReply = ElementMetadataReply.extend({
  image: z.string(),
  elementType: z.string(),
  normalizedPaging: z.boolean(),
  swaggerValidated: z.boolean(),
  api: z.object({ type: z.string(), contentType: z.string() }),
  resources: z.array(
    z.object({
      canonicalName: z.string(),
      title: z.string(),
      operations: z.array(z.string()),
      events: z.object({
        supported: z.boolean(),
        methods: z.array(z.string()),
        eventTypes: z.array(z.string()),
      }),
      bulk: z.object({ upload: Bulk, download: Bulk }),
      customField: z.object({
        get: z.boolean(),
        create: z.boolean(),
        update: z.boolean(),
        delete: z.boolean(),
      }),
    }),
  ),
  connect: ElementConnect,
  /** Whose account posted it; absent: it is everybody's. This product's own. */
  posted: z.object({ accountId: z.number().int() }).optional(),
})

/** A configuration key of an element, as it is told. */
export const ElementConfigReply = z.looseObject({
  id: z.number().int(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.string(),
  required: z.boolean(),
  active: z.boolean(),
  internal: z.boolean(),
  groupControl: z.boolean(),
  hideFromConsole: z.boolean(),
  resellerConfig: z.boolean(),
  companyConfig: z.boolean(),
  displayOrder: z.number().int(),
  options: z.array(z.object({ value: z.string(), description: z.string() })),
})

const Configuration = z.array(ElementConfigReply)

/** An object, never a bare array (spec/behaviour.md 4). */
export const ElementConfigurationReply = z.object({ configuration: Configuration })

const ElementParameterReply = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  vendorName: z.string(),
  type: z.string(),
  vendorType: z.string(),
  dataType: z.string(),
  vendorDataType: z.string(),
  source: z.string(),
  required: z.boolean(),
  converter: z.string().optional(),
})

/** spec/behaviour.md 4, resources. */
export const ElementResourceReply = z.looseObject({
  id: z.number().int(),
  path: z.string(),
  method: z.string(),
  vendorPath: z.string(),
  vendorMethod: z.string(),
  description: z.string(),
  type: z.string(),
  operationId: z.string(),
  rootKey: z.string(),
  nextResource: z.string(),
  kind: z.string(),
  /** Absent where a posted element does not say it. */
  paginationType: z.enum(['VENDOR_SUPPORTED', 'VENDOR_NOT_SUPPORTED', 'NO_PAGINATION']).optional(),
  object: z.object({ name: z.string(), fields: z.array(z.string()) }),
  parameters: z.array(ElementParameterReply),
  hooks: z.array(z.unknown()),
  response: z.looseObject({ contentType: z.string() }),
})

/** The short form of an element, `abridged=true`. */
export const AbridgedElementReply = z.looseObject({
  id: z.number().int(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  hub: z.string(),
  image: z.string(),
  active: z.boolean(),
  deleted: z.boolean(),
  typeOauth: z.boolean(),
  trialAccount: z.boolean(),
  transformationsEnabled: z.boolean(),
  bulkDownloadEnabled: z.boolean(),
  bulkUploadEnabled: z.boolean(),
  cloneable: z.boolean(),
  authentication: z.object({ type: z.string() }),
  apiDocumentationUrl: z.string(),
})

/** The fields that clients check; more are sent (spec/behaviour.md 4). */
export const ElementReply = AbridgedElementReply.extend({
  configuration: Configuration,
  resources: z.array(ElementResourceReply),
  parameters: z.array(z.unknown()),
  hooks: z.array(z.unknown()),
})

/** spec/contract.md 2.4. */
export const HubReply = z.object({
  id: z.number().int(),
  name: z.string(),
  key: z.string(),
  description: z.string(),
  videoLink: z.string(),
  active: z.boolean(),
  /** With `hydrate=true`. */
  resources: z
    .array(
      z.object({
        name: z.string(),
        path: z.string(),
        methods: z.array(z.string()),
        elements: z.array(z.string()),
      }),
    )
    .optional(),
})

/**
 * What documents can be asked for (spec/behaviour.md 9). `version`, `basic`, `discovery` and `force` are tolerated:
 * there is one version, and nothing that only a vendor could tell.
 */
export const DocsQuery = z.looseObject({
  baseUrl: text,
  provider: text,
  operationId: text,
  resolveReferences: flag,
})

/** A Swagger 2.0 document. */
export const SwaggerReply = z.looseObject({
  swagger: z.literal('2.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  host: z.string().optional(),
  basePath: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(z.string(), z.unknown()),
  tags: z.array(z.looseObject({ name: z.string() })),
})

/** An OpenAPI 3.1 document. */
export const OpenApiReply = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.looseObject({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
  tags: z.array(z.looseObject({ name: z.string() })),
})

/** A part of an element: a parameter, a hook, a model, an object or a field. */
export const ElementPartReply = z.looseObject({ id: z.number().int() })

/** The accounts that an element is shared with. */
export const ElementAccountsReply = z.array(z.number().int()).readonly()

/** A login of an element (spec/contract.md 2.1). */
export const AuthenticationTypeReply = z.looseObject({
  type: z.string(),
  name: z.string(),
  description: z.string(),
})

export const ElementVersionReply = z.looseObject({ version: z.number().int(), active: z.boolean() })
