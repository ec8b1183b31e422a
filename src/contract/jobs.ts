import { z } from 'zod'

const scalar = z.union([z.string(), z.number(), z.boolean()])

const Trigger = z.looseObject({ cron: z.string() })

/** Body of POST /jobs: a call of this API, and when it is made. */
export const JobBody = z.looseObject({
  name: z.string().max(500).nullish(),
  description: z.string().max(5_000).nullish(),
  method: z
    .string()
    .transform((method) => method.trim().toUpperCase())
    .pipe(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])),
  uri: z.string().max(8_000),
  trigger: Trigger,
  body: z.unknown().optional(),
  query: z.record(z.string(), z.union([scalar, z.array(scalar)]).nullable()).nullish(),
  headers: z.record(z.string(), scalar.nullable()).nullish(),
})

export const RescheduleBody = z.looseObject({ trigger: Trigger })

export const JobReply = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  method: z.string(),
  uri: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  headers: z.record(z.string(), z.string()),
  /** Not in lists. */
  body: z.unknown().optional(),
  trigger: z.object({ cron: z.string() }),
  enabled: z.boolean(),
  createdDate: z.string(),
  /** Null: it does not run again. */
  nextRunDate: z.string().nullable(),
  accountId: z.number(),
  userId: z.number(),
  /** The instance whose Element token it sends, or whose configuration made it. */
  elementInstanceId: z.number().optional(),
  /** An instance's configuration made it, and ends it. */
  readOnly: z.boolean(),
})

export const JobRunReply = z.object({
  date: z.string(),
  /** Null where nothing was answered. */
  status: z.number().nullable(),
  /** Milliseconds. */
  processTime: z.number().nullable(),
  error: z.string().nullable(),
  /** For GET /usage/{requestId}. */
  requestId: z.string().nullable(),
})
