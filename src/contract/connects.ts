import { z } from 'zod'

/** Body of POST /connects: what the instance will be made of, or which one is connected again. */
export const ConnectBody = z
  .looseObject({
    element: z
      .looseObject({
        key: z.string().min(1).nullish(),
        id: z.union([z.number(), z.string().min(1)]).nullish(),
      })
      .refine((element) => (element.key ?? element.id ?? null) !== null, { error: 'needs a key or an id' }),
    name: z.string().min(1).max(500).nullish(),
    tags: z.array(z.string().max(500)).max(100).nullish(),
    configuration: z.record(z.string(), z.unknown()).nullish(),
    instanceId: z.number().int().positive().nullish(),
    /** Only the browser that gets this reply's cookie may come back; for pages. */
    bind: z.boolean().default(false),
  })
  .refine((body) => body.name != null || body.instanceId != null, {
    path: ['name'],
    error: 'missing: a new instance needs a name; send instanceId to connect one again',
  })

export const ConnectStartReply = z.object({ id: z.number(), oauthUrl: z.string(), expiresAt: z.string() })

export const ConnectReply = z.object({
  id: z.number(),
  elementKey: z.string(),
  state: z.enum(['waiting', 'connected', 'failed']),
  /** The instance that was made, or the one to be connected again, also where that failed. */
  instanceId: z.number().optional(),
  /** Why it failed, as an error reply would say it. */
  error: z.unknown().optional(),
})
