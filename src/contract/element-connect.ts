import { z } from 'zod'

/** What a person who connects is told: this product's own part of the metadata. */
export const ElementConnect = z.object({
  ways: z
    .array(
      z.object({
        type: z.string(),
        principal: z.enum(['user', 'company']),
        title: z.string(),
        about: z.string(),
        who: z.string(),
        steps: z.array(z.string()).readonly(),
        /** Configuration keys to fill in, and those that may be chosen. */
        fields: z.array(z.string()).readonly(),
        options: z.array(z.string()).readonly(),
        /** Those of them that are stored and asked for again by whoever connects again. */
        credentials: z.array(z.string()).readonly(),
        /** Whether a person consents on a page of the vendor. */
        consent: z.boolean(),
        scopes: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  siteField: z.string(),
  sites: z.array(z.object({ key: z.string(), title: z.string() })).readonly(),
  limits: z.array(z.string()).readonly(),
  sandbox: z.object({ logins: z.string(), configuration: z.record(z.string(), z.string()) }).optional(),
})
