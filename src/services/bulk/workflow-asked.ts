import type { Given, Resource } from '#src/element/index.ts'
import { AppError, type ErrorCode } from '#src/lib/errors.ts'
import type { NewBulkJob } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { type HubCall, nameOf } from '../objects/index.ts'
import { type DownloadAsked, readSelect, spanOf } from './criteria.ts'
import type { WorkflowTarget } from './hand-over.ts'
import { checkDownloads, type Jobs } from './jobs.ts'
import { checkIdentifier, checkUploads, givenFor } from './may-upload.ts'
import type { BulkNeed } from './need.ts'
import { checkAction, type UploadAction, uploadCriteriaOf } from './upload-asked.ts'

/** One copy of a workflow (spec/contract.md 7), as it was sent; undefined: not said. */
export interface WorkflowEntry {
  /** CEQL, `select ... from ...`; undefined: everything of the object. */
  readonly query: string | undefined
  /** A moment. */
  readonly from: string | undefined
  /** Undefined: that of the query. */
  readonly objectName: string | undefined
  /** Of the instance that is read. */
  readonly elementKey: string | undefined
  readonly target: {
    /** An Element token. */
    readonly token: string
    /** Undefined: the object that is read. */
    readonly objectName: string | undefined
    readonly elementKey: string | undefined
    readonly method: string | undefined
    /** The field by which a row is found at the target. */
    readonly identifierFieldName: string | undefined
    /** What is said of every row besides its fields. */
    readonly given: Given
  }
}

/** What is told with the name of the part that it is about. */
const told: ReadonlySet<ErrorCode> = new Set([
  'bad-request',
  'bad-query',
  'not-found',
  'bad-credentials',
  'instance-disabled',
])

/** Of a part that names something else, an unknown name makes the whole call wrong. */
const codeOf = (code: ErrorCode): ErrorCode =>
  code === 'not-found' || code === 'bad-credentials' ? 'bad-request' : code

/** Runs what reads one part. @throws AppError that names the part first. */
const reading = async <Found>(part: string, run: () => Found | Promise<Found>): Promise<Found> => {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AppError) || !told.has(error.code)) throw error
    throw new AppError(codeOf(error.code), `${part}${error.message}`, error.details, { cause: error })
  }
}

const refuse = (message: string): never => {
  throw new AppError('bad-request', message)
}

const actions: Readonly<Record<string, UploadAction>> = { POST: 'create', PUT: 'upsert', PATCH: 'update' }

/** What a method does with each row, as an upload's action. */
const actionOf = (part: string, method = 'POST'): UploadAction => {
  const name = method.trim().toUpperCase()
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  return (
    action ?? refuse(`${part}: POST to create, PUT to upsert, PATCH to update, not '${method.slice(0, 40)}'.`)
  )
}

/** An instance of another element is taken by mistake. */
const checkElement = (part: string, { element }: OpenInstance, key: string | undefined): void => {
  if (key === undefined || key.trim().toLowerCase() === element.key.toLowerCase()) return
  refuse(`${part}: its Element token is one of ${element.key}, not of '${key.slice(0, 64)}'.`)
}

const unheard = (): void => undefined

/** Reads the copies that a workflow is asked for. */
export const createReadEntry = (need: BulkNeed, jobs: Pick<Jobs, 'prepare'>) => {
  const { instances, objects } = need

  const queryOf = ({ query, objectName }: WorkflowEntry, part: string): Promise<DownloadAsked> =>
    reading(`${part}.query: `, () =>
      readSelect(query ?? `select * from ${objectName ?? refuse('missing. Send a query, or objectName.')}`),
    )

  const sourceOf = (instance: OpenInstance, name: string, part: string): Promise<Resource> =>
    reading(part, () => {
      const resource = objects.hubResource(instance, name)
      checkDownloads(instance, resource)
      return resource
    })

  const download = async (
    caller: Caller,
    call: HubCall,
    entry: WorkflowEntry,
    part: string,
  ): Promise<NewBulkJob> => {
    const { instance } = call
    checkElement(`${part}.elementKey`, instance, entry.elementKey)
    const selected = await queryOf(entry, part)
    const { objectName, from } = entry
    const named =
      objectName === undefined ? undefined : await sourceOf(instance, objectName, `${part}.objectName: `)
    const resource = await sourceOf(instance, selected.objectName, `${part}.query: `)
    if (named !== undefined && nameOf(named) !== nameOf(resource))
      refuse(
        `${part}.objectName: it is ${nameOf(named)}, but query reads ${nameOf(resource)}. Name one object.`,
      )
    await reading(`${part}.`, () => spanOf(resource, { from }))
    return reading(`${part}.query: `, () =>
      jobs.prepare(
        caller,
        call,
        { ...selected, from },
        { askedBy: 'workflow', format: 'jsonl', callbackField: '' },
      ),
    )
  }

  const open = (caller: Caller, token: string, part: string): Promise<OpenInstance> =>
    reading(`${part}.token: `, async () => {
      try {
        return await instances.open(token, caller)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'bad-credentials') throw error
        return refuse('no instance of your organization has this Element token.')
      }
    })

  const target = async (
    caller: Caller,
    call: HubCall,
    { target: asked }: WorkflowEntry,
    sourceName: string,
    part: string,
  ): Promise<WorkflowTarget> => {
    const { objectName = sourceName, identifierFieldName } = asked
    const instance = await open(caller, asked.token, part)
    checkElement(`${part}.elementKey`, instance, asked.elementKey)
    const action = actionOf(`${part}.method`, asked.method)
    const { resource, criteria } = await reading(`${part}.objectName: `, () => {
      const found = objects.hubResource(instance, objectName)
      checkUploads(instance, objectName, found)
      const given = givenFor(found, asked.given)
      const wanted = uploadCriteriaOf({ action, identifierFieldName, format: 'jsonl', given }, found)
      checkAction(found, wanted)
      return { resource: found, criteria: wanted }
    })
    const there = { ...call, instance, onPlan: unheard, onNarrowed: unheard }
    await checkIdentifier(need, there, resource, criteria, `${part}.identifierFieldName`)
    return { instanceId: instance.instanceId, objectName: nameOf(resource), criteria }
  }

  /**
   * The download of one copy, which names where its records go.
   * @param part names the entry, for errors.
   * @throws AppError `bad-request`, `bad-query` or `instance-disabled`, naming the part that is wrong.
   */
  return async (caller: Caller, call: HubCall, entry: WorkflowEntry, part: string): Promise<NewBulkJob> => {
    const row = await download(caller, call, entry, part)
    const targetPart = `${part}.targetConfiguration`
    return { ...row, target: await target(caller, call, entry, row.objectName, targetPart) }
  }
}
