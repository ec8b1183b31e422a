import { UsageReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject } from '#src/lib/json.ts'
import { defineRoute } from '../route.ts'

/** One call of the caller's own organization, with each call to the vendor that it caused. */
export const readUsage = defineRoute({
  method: 'GET',
  path: '/usage/{requestId}',
  auth: 'platform',
  reply: UsageReply,
  handle: async ({ ctx, caller, params }) => {
    const requestId = params.requestId ?? ''
    const row = await ctx.requestLog.find(caller.organizationId, requestId)
    if (row === undefined) throw new AppError('not-found', `No usage found with id ${requestId.slice(0, 64)}`)
    const { name } = await ctx.accounts.organization(caller.organizationId)
    // The element may be gone since.
    const element = (await ctx.catalogue.seenBy(caller)).get(row.elementKey ?? '')
    const processTime = Math.round(row.durationMs * 1000) / 1000
    const both = {
      requestId: row.requestId,
      trafficId: row.requestId,
      requestUri: row.path,
      requestIp: row.remoteAddress,
      requestMethod: row.method,
      requestStatus: String(row.status),
      processTime,
      trafficDate: row.at.toISOString(),
      userId: row.userId ?? 0,
      accountId: row.accountId ?? 0,
      companyId: row.organizationId,
      elementKey: row.elementKey ?? '',
      elementName: element?.title ?? '',
    }
    return {
      ...both,
      traffic_id: both.trafficId,
      request_id: both.requestId,
      request_uri: both.requestUri,
      request_ip: both.requestIp,
      request_method: both.requestMethod,
      request_status: both.requestStatus,
      process_time: both.processTime,
      traffic_date: both.trafficDate,
      user_id: both.userId,
      account_id: both.accountId,
      company_id: both.companyId,
      company_external_id: String(both.companyId),
      company_external_name: name,
      element_key: both.elementKey,
      element_name: both.elementName,
      element_api: row.path,
      ...(row.instanceId === null ? {} : { elementInstanceId: row.instanceId }),
      ...(row.errorCode === null ? {} : { errorCode: row.errorCode }),
      ...(row.plan === null ? {} : { plan: row.plan }),
      ...(row.scriptError === null ? {} : { scriptError: row.scriptError }),
      vendorCalls: Array.isArray(row.vendorCalls)
        ? row.vendorCalls.filter(isJsonObject).map((call) => ({
            ...call,
            method: String(call.method),
            path: String(call.path),
            ms: Number(call.ms),
          }))
        : [],
    }
  },
})
