import { ElementJson, ElementPreviewReply } from '#src/contract/index.ts'
import { defineRoute } from '../route.ts'

/** What would become of an element's JSON; nothing is stored. This product's own. */
export const previewElement = defineRoute({
  method: 'POST',
  path: '/elements/preview',
  auth: 'platform',
  namesInBrackets: true,
  body: ElementJson,
  reply: ElementPreviewReply,
  handle: ({ ctx, caller, body }) => ctx.elements.preview(caller, body),
})
