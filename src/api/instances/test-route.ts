import { InstanceTestReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { instanceRoutes } from './on-instance.ts'

/**
 * One row of the first resource that can be listed, read from the vendor now: the proof that a connection works.
 * This product's own; what it throws are the errors of any hub call.
 */
export const instanceTestRoutes = instanceRoutes({
  method: 'POST',
  path: '/test',
  ways: ['id', 'token'],
  reply: InstanceTestReply,
  handle: async ({ ctx, target, trace, signal }) => {
    const { token } = await ctx.instances.get(target.caller, target.instanceId)
    const instance = await ctx.instances.open(token, target.caller)
    trace.instanceId = instance.instanceId
    trace.elementKey = instance.element.key
    const resource = Object.values(instance.element.resources).find(({ verbs }) => verbs.search !== undefined)
    if (resource === undefined) {
      throw new AppError('bad-request', `${instance.element.title} has no resource that can be listed.`)
    }
    const startedMs = performance.now()
    const call = { instance, trace, signal, onPlan: () => undefined, onNarrowed: () => undefined }
    const { count } = await ctx.objects.list(call, resource, { pageSize: 1 })
    return { resource: resource.name, rows: count, ms: Math.round(performance.now() - startedMs) }
  },
})
