import { z } from 'zod'

const text = z.string()

/**
 * One call in the request log. Clients of 2018 read the snake_case names, the SDK the camelCase ones
 * (spec/contract.md 12, row 17): both are sent. `vendorCalls`, `plan` and `scriptError` are this product's own.
 */
export const UsageReply = z.object({
  traffic_id: text,
  request_id: text,
  request_uri: text,
  request_ip: text,
  request_method: text,
  request_status: text,
  process_time: z.number(),
  traffic_date: text,
  user_id: z.number(),
  account_id: z.number(),
  company_id: z.number(),
  company_external_id: text,
  company_external_name: text,
  element_key: text,
  element_name: text,
  element_api: text,
  trafficId: text,
  requestId: text,
  requestUri: text,
  requestIp: text,
  requestMethod: text,
  requestStatus: text,
  processTime: z.number(),
  trafficDate: text,
  userId: z.number(),
  accountId: z.number(),
  companyId: z.number(),
  elementKey: text,
  elementName: text,
  elementInstanceId: z.number().optional(),
  errorCode: text.optional(),
  plan: text.optional(),
  scriptError: text.optional(),
  vendorCalls: z.array(z.looseObject({ method: text, path: text, ms: z.number() })),
})
