import { ConnectBody, ConnectReply, ConnectStartReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { recordIn } from '#src/services/index.ts'
import { defineRoute, withHeaders } from '../route.ts'
import { bindingCookie } from './callback.ts'

const startConnect = defineRoute({
  method: 'POST',
  path: '/connects',
  auth: 'platform',
  body: ConnectBody,
  reply: ConnectStartReply,
  handle: async ({ ctx, caller, body, trace }) => {
    const asked = {
      elementKeyOrId: body.element.key ?? body.element.id ?? '',
      name: body.name ?? '',
      tags: body.tags ?? undefined,
      configuration: body.configuration ?? {},
      instanceId: body.instanceId ?? undefined,
      bind: body.bind,
    }
    const started = await ctx.connects.start(caller, asked, recordIn(trace))
    const { id, oauthUrl, expiresAt, binding } = started
    return withHeaders(
      { id, oauthUrl, expiresAt: expiresAt.toISOString() },
      { 'set-cookie': binding === undefined ? undefined : bindingCookie(binding, ctx.publicUrl) },
    )
  },
})

const readConnect = defineRoute({
  method: 'GET',
  path: '/connects/{id}',
  auth: 'platform',
  reply: ConnectReply,
  handle: async ({ ctx, caller, params }) => {
    const id = params.id ?? ''
    if (!/^\d{1,15}$/.test(id)) throw new AppError('not-found', `No connect found with id ${id.slice(0, 64)}`)
    return ctx.connects.find(caller, Number(id))
  },
})

export const connectRoutes = [startConnect, readConnect]
