import { z } from 'zod'

/** Which generation an organization's replies are of. */
export const VdrVersionReply = z.object({ vdrVersion: z.enum(['v1', 'v2']) })
