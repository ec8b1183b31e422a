import { z } from 'zod'

const OperationPreview = z.object({
  /** `search`, `retrieve`, `create`, `update`, `replace`, `remove`, `updateAll`, `removeAll` and others. */
  verb: z.string(),
  method: z.string(),
  /** Below the hub: `/contacts/{id}`. */
  path: z.string(),
  vendorMethod: z.string(),
  vendorPath: z.string(),
  description: z.string(),
  /** Of a listing: whose work pages and `where` are. */
  listing: z
    .object({
      pages: z.enum(['provider', 'here']),
      where: z.enum(['equals', 'spine', 'whole', 'here']),
    })
    .optional(),
  hooks: z.object({ before: z.number().int(), after: z.number().int() }),
  /** The operation that is called after it. */
  next: z.string().optional(),
})

const ResourcePreview = z.object({
  name: z.string(),
  operations: z.array(OperationPreview),
  /** How changes are found: by the time in a field, or by comparing all rows; absent: they are not. */
  changes: z.object({ by: z.enum(['date', 'comparing']), field: z.string().optional() }).optional(),
  bulk: z.object({ download: z.boolean(), upload: z.boolean() }),
})

/** What would become of an element's JSON; nothing is stored. This product's own. */
export const ElementPreviewReply = z.object({
  /** The key that it will get. */
  key: z.string(),
  /** Whose the key is already; absent: nobody's. Only an `own` element can be replaced. */
  taken: z
    .object({
      by: z.enum(['own', 'other-account', 'catalogue']),
      name: z.string(),
      /** How many instances would run on what replaces it. */
      instances: z.number().int(),
    })
    .optional(),
  name: z.string(),
  description: z.string(),
  hub: z.string(),
  login: z.object({
    type: z.string(),
    /** A whole sentence. */
    words: z.string(),
    consent: z.boolean(),
    /** What a person is asked for when connecting. */
    asks: z.array(z.object({ key: z.string(), name: z.string(), isSecret: z.boolean() })),
  }),
  /** Where the provider is; names in braces are keys of the configuration. */
  baseUrl: z.string(),
  resources: z.array(ResourcePreview),
  transformations: z.boolean(),
  /** What has no effect here, or another one, and why. */
  findings: z.array(
    z.object({
      /** The member, such as `resources[3].hooks[0]`. */
      where: z.string(),
      operation: z.string().optional(),
      words: z.string(),
    }),
  ),
})
