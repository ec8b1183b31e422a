import { z } from 'zod'

const keyedValues = z.record(z.string(), z.unknown()).nullish()
const tags = z.array(z.string().max(500)).max(100).nullish()

/** By key or id; both may be a text, and ids a number. */
const elementName = z.looseObject({
  key: z.string().min(1).nullish(),
  id: z.union([z.number(), z.string().min(1)]).nullish(),
})

/** Body of POST /elements/{element}/instances: the element is in the path (spec/contract.md 2.2, create body). */
export const ElementInstanceBody = z.looseObject({
  name: z.string({ error: 'missing: an instance needs a name' }).min(1).max(500),
  tags,
  configuration: keyedValues,
  providerData: keyedValues,
  externalAuthentication: z.string().nullish(),
  retrieveObjectsAfterInstantiation: z.union([z.boolean(), z.string()]).nullish(),
})

/** Body of POST /instances. */
export const InstanceBody = ElementInstanceBody.extend({
  element: elementName.refine((element) => (element.key ?? element.id ?? null) !== null, {
    error: 'needs a key or an id',
  }),
})

/** Body of PUT and PATCH: any part, or a whole instance as it was read, of which read-only parts are ignored. */
export const InstanceChangeBody = z.looseObject({
  name: z.string().min(1).max(500).nullish(),
  tags,
  configuration: keyedValues,
  providerData: keyedValues,
  element: elementName.nullish(),
})

/** How one grant of an instance stands. */
const AuthenticationReply = z.object({
  principal: z.string(),
  type: z.string(),
  expiresAt: z.string().nullable(),
  refreshExpiresAt: z.string().nullable(),
  geolocation: z.string(),
  scopes: z.array(z.string()).readonly(),
  state: z.enum(['ok', 'expiring', 'needs-reconnect']),
  reason: z.string().optional(),
})

export const InstanceReply = z.object({
  id: z.number(),
  name: z.string(),
  createdDate: z.string(),
  updatedDate: z.string(),
  token: z.string(),
  elementId: z.number(),
  element: z.looseObject({ id: z.number(), key: z.string(), hub: z.string() }),
  tags: z.array(z.string()),
  provisionInteractions: z.array(z.unknown()),
  valid: z.boolean(),
  /** One a grant. */
  authentication: z.array(AuthenticationReply).readonly(),
  disabled: z.boolean(),
  maxCacheSize: z.number(),
  cacheTimeToLive: z.number(),
  configuration: z.record(z.string(), z.string().nullable()),
  eventsEnabled: z.boolean(),
  traceLoggingEnabled: z.boolean(),
  cachingEnabled: z.boolean(),
  externalAuthentication: z.string(),
  user: z.object({ id: z.number(), emailAddress: z.string(), firstName: z.string(), lastName: z.string() }),
  /** Only after a create that asked for them. */
  objects: z
    .array(z.object({ name: z.string(), vendorName: z.string().optional(), type: z.string() }))
    .optional(),
})

/** An instance in a listing with `hydrate=false`. */
export const LightInstanceReply = z.object({
  id: z.number(),
  name: z.string(),
  createdDate: z.string(),
  token: z.string(),
  element: z.object({ id: z.number(), key: z.string() }),
  tags: z.array(z.string()),
})

export const InstanceCountReply = z.object({
  totalInstances: z.number(),
  elementInstances: z.array(
    z.object({
      elementId: z.number(),
      elementKey: z.string(),
      elementName: z.string(),
      hub: z.string(),
      count: z.number(),
    }),
  ),
})

export const ConfigurationItemReply = z.object({
  id: z.number(),
  key: z.string(),
  name: z.string(),
  propertyValue: z.string().nullable(),
  type: z.string(),
  required: z.boolean(),
  active: z.boolean(),
})

/** Body of PATCH on a configuration item: the whole item back, or only its value. */
export const ConfigurationItemBody = z.looseObject({
  propertyValue: z.unknown().refine((value) => value !== undefined, { error: 'missing: send the new value' }),
})

/** Body of PUT on trace-logging; minutes. */
export const TraceLoggingBody = z.looseObject({
  duration: z.coerce
    .number({ error: 'a number of minutes from 1 to 43200' })
    .min(1, { error: 'a number of minutes from 1 to 43200' })
    .max(43_200, { error: 'a number of minutes from 1 to 43200' })
    .default(60),
})

/** Body of POST /instances/{id}/migrate-authentication: the new application, and whom it shall act for. */
export const MigrateAuthenticationBody = z.looseObject({
  apiKey: z.string({ error: 'missing: the client ID of the new application' }).min(1),
  apiSecret: z.string({ error: 'missing: the client secret of the new application' }).min(1),
  principal: z.enum(['user', 'company'], { error: 'user or company' }).default('user'),
  siteAddress: z.string().min(1).nullish(),
})

/** The vendor's calls of one provisioning, by `METHOD:/path`; where a call was repeated, the last. */
export const ProvisionTraceReply = z.record(
  z.string(),
  z.looseObject({ method: z.string(), path: z.string(), ms: z.number(), times: z.number() }),
)
