import { z } from 'zod'

/** Reply of POST and GET /events/{elementKey}: the ids of the events that were stored. */
export const InboundReply = z.object({ eventIds: z.array(z.string()) })
