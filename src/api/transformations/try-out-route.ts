import type { z } from 'zod'
import { TryOutBody, TryOutReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { TransformationDraft } from '#src/services/index.ts'
import { headerText } from '../http/index.ts'
import { defineRoute, withHeaders } from '../route.ts'
import { transformationInput } from './views.ts'

/** By which transformation: that of an instance, which wins, or of an element. */
const byOf = ({ instanceId, elementId }: z.output<typeof TryOutBody>) => {
  if (instanceId !== undefined && instanceId !== null) return { instanceId }
  if (elementId !== undefined && elementId !== null) return { element: String(elementId) }
  throw new AppError(
    'bad-request',
    'instanceId, elementId: send one of them; it says whose transformation is tried.',
  )
}

/** Without a method, or with GET: from the vendor. */
const directionOf = (method: string | null | undefined): 'fromVendor' | 'toVendor' | 'toNew' => {
  const word = (method ?? 'GET').trim().toUpperCase()
  if (word === '' || word === 'GET') return 'fromVendor'
  if (word === 'POST') return 'toNew'
  if (word === 'PUT' || word === 'PATCH') return 'toVendor'
  throw new AppError(
    'bad-request',
    `method: GET tries what a read shows, POST, PUT or PATCH what a write sends; not '${word}'.`,
  )
}

/** What is tried before it is stored. */
const draftIn = ({ transformation }: z.output<typeof TryOutBody>): TransformationDraft | undefined => {
  if (transformation === undefined || transformation === null) return undefined
  return { level: transformation.level ?? undefined, input: transformationInput(transformation) }
}

/** Tries a transformation on a payload (spec/behaviour.md 6.3): what is stored, or a draft that the body holds. */
export const tryOutTransformation = defineRoute({
  method: 'POST',
  path: '/transformations/{object}/execute',
  auth: 'platform',
  body: TryOutBody,
  reply: TryOutReply,
  handle: async ({ ctx, caller, params, body, trace }) => {
    const payload = body.payload as JsonObject
    const direction = directionOf(body.method)
    const made = await ctx.transformations.tryOut(
      caller,
      params['object'] ?? '',
      byOf(body),
      payload,
      direction,
      draftIn(body),
      (words) => {
        trace.scriptError = words
      },
    )
    const { scriptError } = trace
    return withHeaders(
      { ...made },
      { 'elements-error': scriptError === undefined ? undefined : headerText(scriptError, 4_000) },
    )
  },
})
