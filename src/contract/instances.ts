import { z } from 'zod'

/** spec/contract.md 2.2, create body. */
export const InstanceBody = z.looseObject({
  name: z.string({ error: 'missing: an instance needs a name' }).min(1).max(500),
  element: z
    .looseObject({ key: z.string().min(1).optional(), id: z.number().optional() })
    .refine((element) => element.key !== undefined || element.id !== undefined, {
      error: 'needs a key or an id',
    }),
  tags: z.array(z.string().max(500)).max(100).optional(),
  configuration: z.record(z.string(), z.unknown()).optional(),
  providerData: z.record(z.string(), z.unknown()).optional(),
  externalAuthentication: z.string().optional(),
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
  disabled: z.boolean(),
  maxCacheSize: z.number(),
  cacheTimeToLive: z.number(),
  configuration: z.record(z.string(), z.string().nullable()),
  eventsEnabled: z.boolean(),
  traceLoggingEnabled: z.boolean(),
  cachingEnabled: z.boolean(),
  externalAuthentication: z.string(),
  user: z.object({ id: z.number(), emailAddress: z.string(), firstName: z.string(), lastName: z.string() }),
})
