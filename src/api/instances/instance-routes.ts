import { z } from 'zod'
import {
  InstanceChangeBody,
  InstanceReply,
  MigrateAuthenticationBody,
  TraceLoggingBody,
} from '#src/contract/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { recordIn } from '#src/services/index.ts'
import { headerText } from '../http/index.ts'
import { type HandlerInput, type WithHeaders, withHeaders } from '../route.ts'
import { instanceRoutes, type Target } from './on-instance.ts'
import { isOff, isOn, traceHeaders } from './provision-trace.ts'

const readInstance = instanceRoutes({
  method: 'GET',
  path: '',
  ways: ['id', 'element'],
  reply: InstanceReply,
  handle: ({ ctx, target }) => ctx.instances.get(target.caller, target.instanceId, target.element),
})

const ChangeQuery = z.looseObject({ reAuthenticate: z.unknown().optional() })

type ChangeInput = HandlerInput<z.output<typeof ChangeQuery>, z.output<typeof InstanceChangeBody>> & {
  readonly target: Target
}

const change =
  (deep: boolean) =>
  async ({
    ctx,
    target,
    query,
    body,
    trace,
    requestId,
  }: ChangeInput): Promise<WithHeaders<z.input<typeof InstanceReply>>> => {
    const providerData = (body.providerData ?? undefined) as JsonObject | undefined
    const changed = await ctx.instances.change(
      target.caller,
      target.instanceId,
      {
        name: body.name ?? undefined,
        tags: body.tags ?? undefined,
        configuration: (body.configuration ?? undefined) as Json | undefined,
        providerData,
        element: body.element?.id ?? body.element?.key ?? undefined,
        reAuthenticate: isOn(query.reAuthenticate),
        deep,
      },
      recordIn(trace),
      target.element,
    )
    trace.instanceId = changed.id
    trace.elementKey = changed.element.key
    return withHeaders(changed, traceHeaders(providerData, requestId))
  }

const replaceInstance = instanceRoutes({
  method: 'PUT',
  path: '',
  ways: ['id', 'token', 'element'],
  query: ChangeQuery,
  body: InstanceChangeBody,
  reply: InstanceReply,
  handle: change(false),
})

const changeInstance = instanceRoutes({
  method: 'PATCH',
  path: '',
  ways: ['id', 'token', 'element'],
  query: ChangeQuery,
  body: InstanceChangeBody,
  reply: InstanceReply,
  handle: change(true),
})

const DeleteQuery = z.looseObject({ revoke: z.unknown().optional() })

const deleteInstance = instanceRoutes({
  method: 'DELETE',
  path: '',
  ways: ['id', 'token', 'element'],
  query: DeleteQuery,
  reply: z.undefined(),
  handle: async ({ ctx, target, query, trace }) => {
    const { caller, instanceId, element } = target
    const notice = await ctx.instances.remove(
      caller,
      instanceId,
      !isOff(query.revoke),
      recordIn(trace),
      element,
    )
    return withHeaders(undefined, {
      'elements-error': notice === undefined ? undefined : headerText(notice, 1_000),
    })
  },
})

const migrateAuthentication = instanceRoutes({
  method: 'POST',
  path: '/migrate-authentication',
  ways: ['id', 'token'],
  body: MigrateAuthenticationBody,
  reply: InstanceReply,
  handle: ({ ctx, target, body, trace }) =>
    ctx.instances.migrate(
      target.caller,
      target.instanceId,
      { ...body, siteAddress: body.siteAddress ?? undefined },
      recordIn(trace),
    ),
})

const enableInstance = instanceRoutes({
  method: 'PUT',
  path: '/enabled',
  ways: ['id', 'token'],
  reply: InstanceReply,
  handle: ({ ctx, target }) => ctx.instances.setEnabled(target.caller, target.instanceId, true),
})

const disableInstance = instanceRoutes({
  method: 'DELETE',
  path: '/enabled',
  ways: ['id', 'token'],
  reply: z.undefined(),
  handle: async ({ ctx, target }) => {
    await ctx.instances.setEnabled(target.caller, target.instanceId, false)
    return undefined
  },
})

const startTraceLogging = instanceRoutes({
  method: 'PUT',
  path: '/trace-logging',
  ways: ['id', 'token'],
  body: TraceLoggingBody,
  reply: InstanceReply,
  handle: ({ ctx, target, body }) => {
    const until = new Date(Date.now() + body.duration * 60_000)
    return ctx.instances.setTracing(target.caller, target.instanceId, until)
  },
})

const stopTraceLogging = instanceRoutes({
  method: 'DELETE',
  path: '/trace-logging',
  ways: ['id', 'token'],
  reply: z.undefined(),
  handle: async ({ ctx, target }) => {
    await ctx.instances.setTracing(target.caller, target.instanceId, null)
    return undefined
  },
})

export const oneInstanceRoutes = [
  ...readInstance,
  ...replaceInstance,
  ...changeInstance,
  ...deleteInstance,
  ...migrateAuthentication,
  ...enableInstance,
  ...disableInstance,
  ...startTraceLogging,
  ...stopTraceLogging,
]
