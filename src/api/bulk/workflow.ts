import { z } from 'zod'
import type { BulkWorkflowMadeReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { WorkflowEntry } from '#src/services/index.ts'
import { type ApiReply, refuseMediaType } from '../http/index.ts'
import type { BulkCall } from './bulk-call.ts'
import { textsIn } from './upload.ts'

/** So many copies one workflow may have. */
const mostEntries = 50

/** Blank is as good as absent. */
const said = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined)

const tokenWords = 'send the Element token of the instance to copy to.'

const Target = z.looseObject({
  token: z.string(tokenWords).trim().min(1, tokenWords),
  objectName: said,
  elementKey: said,
  method: said,
  identifierFieldName: said,
  path: z.unknown().optional(),
})

/** `path`, `method` and `statusCheckInterval` are of calls that nobody makes here: they may be sent, and say nothing. */
const Entry = z.looseObject({
  query: said,
  from: said,
  objectName: said,
  elementKey: said,
  targetConfiguration: Target,
})

const Body = z
  .array(
    Entry,
    'send an array of copies, such as [{"query":"select * from ...","targetConfiguration":{"token":"..."}}].',
  )
  .min(1, 'it is empty. Send at least one copy.')
  .max(mostEntries, `at most ${mostEntries} copies at once.`)

const entryOf = ({ targetConfiguration, ...entry }: z.output<typeof Entry>): WorkflowEntry => {
  const { token, objectName, elementKey, method, identifierFieldName, path, ...others } = targetConfiguration
  return {
    query: entry.query,
    from: entry.from,
    objectName: entry.objectName,
    elementKey: entry.elementKey,
    target: {
      token,
      objectName,
      elementKey,
      method,
      identifierFieldName,
      given: textsIn(Object.entries(others)),
    },
  }
}

/** As a client would reach it: `[0].targetConfiguration.token`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') || 'body'

const mostTold = 5

const wrongBody = ({ issues }: z.ZodError): AppError => {
  const told = issues.slice(0, mostTold).map(({ path, message }) => `${placeOf(path)}: ${message}`)
  return new AppError('bad-request', told.join('; '))
}

/** @throws AppError `bad-request` naming the part that is wrong. */
const entriesOf = ({ upload, body }: BulkCall['request']): readonly WorkflowEntry[] => {
  if (upload !== undefined) return refuseMediaType()
  const read = Body.safeParse(body)
  if (!read.success) throw wrongBody(read.error)
  return read.data.map(entryOf)
}

/** `POST /bulk/workflows` (spec/contract.md 7, spec/behaviour.md 10): copies records from the instance to others. */
export const workflowReply = async ({ bulk, caller, call, request }: BulkCall): Promise<ApiReply> => {
  const entries = entriesOf(request)
  const id = await bulk.workflows.create(caller, call, entries, request.jobId ?? null)
  return { body: { id: String(id), status: 'CREATED' } satisfies z.input<typeof BulkWorkflowMadeReply> }
}
