import type { z } from 'zod'
import { ElementInstanceBody, InstanceBody, InstanceReply, ProvisionTraceReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { objectSummaries, recordIn } from '#src/services/index.ts'
import { type AuthInput, defineRoute, type HandlerInput, withHeaders } from '../route.ts'
import { isOn, traceHeaders } from './provision-trace.ts'

type CreateInput = HandlerInput<unknown, z.output<typeof ElementInstanceBody>> & AuthInput['platform']

const create = async (
  { ctx, caller, body, trace, requestId }: CreateInput,
  elementKeyOrId: string | number,
) => {
  const element = await ctx.catalogue.find(caller, elementKeyOrId)
  trace.elementKey = element.key
  const providerData = (body.providerData ?? undefined) as JsonObject | undefined
  const made = await ctx.instances.create(
    caller,
    {
      elementKeyOrId: element.key,
      name: body.name,
      tags: body.tags ?? undefined,
      configuration: body.configuration as Json | undefined,
      providerData,
      externalAuthentication: body.externalAuthentication ?? undefined,
    },
    recordIn(trace),
  )
  trace.instanceId = made.id
  const wantsObjects = isOn(body.retrieveObjectsAfterInstantiation)
  const objects = async () =>
    objectSummaries({ element, transformations: await ctx.transformations.ofInstance(caller, made.id) })
  return withHeaders(
    wantsObjects ? { ...made, objects: await objects() } : made,
    traceHeaders(providerData, requestId),
  )
}

const createInstance = defineRoute({
  method: 'POST',
  path: '/instances',
  auth: 'platform',
  body: InstanceBody,
  reply: InstanceReply,
  handle: (input) => create(input, input.body.element.key ?? input.body.element.id ?? ''),
})

const createElementInstance = defineRoute({
  method: 'POST',
  path: '/elements/{element}/instances',
  auth: 'platform',
  body: ElementInstanceBody,
  reply: InstanceReply,
  handle: (input) => create(input, input.params.element ?? ''),
})

/** What the vendor was asked while an instance was connected with `debug`; the request log holds it. */
const readProvisionTrace = defineRoute({
  method: 'GET',
  path: '/elements/{element}/trace/{traceId}',
  auth: 'platform',
  reply: ProvisionTraceReply,
  handle: async ({ ctx, caller, params }) => {
    const { key } = await ctx.catalogue.find(caller, params.element ?? '')
    const traceId = params.traceId ?? ''
    const find = () => ctx.requestLog.find(caller.organizationId, traceId)
    let row = await find()
    if (row === undefined) {
      // The log is written in batches: the call may still be waiting for the next one.
      await ctx.requestLog.flush()
      row = await find()
    }
    if (row === undefined || row.userId !== caller.userId || row.elementKey !== key)
      throw new AppError('not-found', `No trace found with id ${traceId.slice(0, 64)}`)
    const calls = Array.isArray(row.vendorCalls) ? row.vendorCalls.filter(isJsonObject) : []
    const byCall = new Map<string, z.input<typeof ProvisionTraceReply>[string]>()
    for (const call of calls) {
      const method = String(call.method)
      const path = String(call.path)
      const name = `${method}:${path}`
      const times = (byCall.get(name)?.times ?? 0) + 1
      byCall.set(name, { ...call, method, path, ms: Number(call.ms), times })
    }
    return Object.fromEntries(byCall)
  },
})

export const instanceCreateRoutes = [createInstance, createElementInstance, readProvisionTrace]
