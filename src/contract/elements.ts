import { z } from 'zod'

/** spec/contract.md 5. Other keys (configuration of the element) are tolerated. */
export const OauthUrlInput = z.looseObject({
  apiKey: z.string().min(1),
  apiSecret: z.string().optional(),
  callbackUrl: z.url({ error: 'must be a full URL such as https://app.example/callback' }),
  scope: z.string().min(1).optional(),
  siteAddress: z.string().min(1).optional(),
  'site.address': z.string().min(1).optional(),
  state: z.string().min(1).optional(),
})

export const OauthUrlReply = z.object({ element: z.string(), oauthUrl: z.string() })

/** spec/behaviour.md 4, metadata: what clients check. */
export const ElementMetadataReply = z.looseObject({
  id: z.number().int(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  events: z.object({ supported: z.boolean(), methods: z.array(z.string()).readonly() }),
  transformations: z.boolean(),
  bulk: z.object({ upload: z.boolean(), download: z.boolean() }),
  apiDocumentationUrl: z.string(),
  authenticationFrameworks: z.array(z.string()).readonly(),
})

/** The fields that clients check; more are sent (spec/behaviour.md 4). */
export const ElementReply = z.looseObject({
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
  configuration: z.array(z.looseObject({ key: z.string(), name: z.string(), type: z.string() })),
  resources: z.array(z.looseObject({ path: z.string(), method: z.string() })),
  parameters: z.array(z.unknown()),
  hooks: z.array(z.unknown()),
})
