import { companyIds } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { personByLogin } from '../people.ts'
import type { Reply } from '../reply.ts'
import { createTable, type Kept } from '../table.ts'
import { personInPath, speaker } from '../v4-person.ts'
import { addImage, fileReply, images } from './image-data.ts'
import { checkImage, jsonPart, readForm } from './upload.ts'

/**
 * Receipts v4: what was posted by this API comes back, nothing else. A receipt is ACCEPTED for a second,
 * PROCESSING for two more, then PROCESSED, by the sandbox's clock. At most 25 MB.
 * Follows: developer.concur.com, Receipts v4, endpoints. Verified: 2026-08
 */
const path = '/receipts/v4'
const mostBytes = 25 * 1024 * 1024

interface Receipt extends Kept {
  readonly ownerLogin: string
  readonly at: number
  readonly imageOnly: boolean
  /** The receipt's own JSON, and the schema that its poster named. */
  readonly receipt: Readonly<Record<string, unknown>> | null
  readonly schema: string | null
  readonly imageId: string | null
}
const receipts = createTable<Receipt>('receipts')

const statusOf = (sandbox: Sandbox, { at }: Receipt): string => {
  const age = sandbox.clock.now() - at
  if (age < 1000) return 'ACCEPTED'
  return age < 3000 ? 'PROCESSING' : 'PROCESSED'
}

const rowOf = (sandbox: Sandbox, ask: Ask, receipt: Receipt) => {
  const self = `${ask.baseUrl}${path}/${receipt.imageOnly ? 'image-only-receipts/' : ''}${receipt.id}`
  const shared = {
    ...{ id: receipt.id, userId: personByLogin(receipt.ownerLogin)?.id ?? null },
    ...{ companyId: companyIds[receipt.home], dateTimeReceived: new Date(receipt.at).toISOString() },
    ...{ modifiedAt: new Date(receipt.at).toISOString(), self },
    ...(receipt.imageId === null ? {} : { image: `${self}/image` }),
  }
  if (receipt.imageOnly) return { ...shared, digitizationStatus: statusOf(sandbox, receipt) }
  const processed = { digitizationStatus: 'NO_PROCESSING_REQUIRED' }
  return { ...shared, ...processed, validationSchema: receipt.schema, receipt: receipt.receipt }
}

const schemaOf = (ask: Ask): string => {
  const link = ask.headers['link']
  const text = Array.isArray(link) ? link.join(',') : (link ?? '')
  const schema = /<([^>]+)>\s*;\s*rel="?describedBy"?/i.exec(text)?.[1]
  if (schema === undefined) throw new Refused(400, 'Link: <schema>;rel=describedBy is required')
  return schema
}

const create = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const owner = personInPath(ask)
  const schema = schemaOf(ask)
  const form = await readForm(sandbox, ask)
  const part = form?.get('receipt')
  if (form === undefined || part === undefined)
    throw new Refused(400, 'receipt: a part of a form is required')
  const receipt = await jsonPart(sandbox, part)
  const file = form.get('image')
  const image =
    file === undefined ? undefined : addImage(sandbox, ask, owner, await checkImage(sandbox, file))
  const made = {
    ...{
      id: newUuid().replaceAll('-', ''),
      home: owner.home,
      ownerLogin: owner.login,
      at: sandbox.clock.now(),
    },
    ...{ imageOnly: false, receipt, schema, imageId: image?.id ?? null },
  }
  receipts.put(sandbox, made)
  return { status: 201, headers: { location: `${ask.baseUrl}${path}/${made.id}` } }
}

const createImageOnly = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const owner = personInPath(ask)
  const file = (await readForm(sandbox, ask))?.get('image')
  if (file === undefined) throw new Refused(400, 'image: a part of a form is required')
  const image = addImage(sandbox, ask, owner, await checkImage(sandbox, file))
  const made = {
    ...{
      id: newUuid().replaceAll('-', ''),
      home: owner.home,
      ownerLogin: owner.login,
      at: sandbox.clock.now(),
    },
    ...{ imageOnly: true, receipt: null, schema: null, imageId: image.id },
  }
  receipts.put(sandbox, made)
  const link = `<${ask.baseUrl}${path}/status/${made.id}>; rel="processing-status"`
  const location = `${ask.baseUrl}${path}/image-only-receipts/${made.id}`
  return { status: 202, headers: { location, link } }
}

const listOf =
  (imageOnly: boolean) =>
  (sandbox: Sandbox, ask: Ask): Reply => {
    const owner = personInPath(ask)
    const rows = receipts
      .all(sandbox, owner.home)
      .filter((receipt) => receipt.ownerLogin === owner.login && receipt.imageOnly === imageOnly)
      .map((receipt) => rowOf(sandbox, ask, receipt))
    return { status: 200, body: { [imageOnly ? 'imageOnlyReceipts' : 'receipts']: rows, next: null } }
  }

const found = (sandbox: Sandbox, ask: Ask): Receipt => {
  const own = speaker(ask)
  const receipt = receipts.find(sandbox, companyOf(ask), ask.params['receiptId'] ?? '')
  const imageOnly = ask.path.includes('/image-only-receipts/')
  const fits = ask.path.includes('/status/') || receipt?.imageOnly === imageOnly
  if (receipt === undefined || !fits || (own !== null && own.login !== receipt.ownerLogin)) {
    throw new Refused(404, 'The receipt was not found')
  }
  return receipt
}

const get = (sandbox: Sandbox, ask: Ask): Reply => ({
  status: 200,
  body: rowOf(sandbox, ask, found(sandbox, ask)),
})

const getImage = (sandbox: Sandbox, ask: Ask): Reply => {
  const { imageId, home } = found(sandbox, ask)
  return fileReply(imageId === null ? [] : (images.find(sandbox, home, imageId)?.pieces ?? []))
}

const getStatus = (sandbox: Sandbox, ask: Ask): Reply => {
  const receipt = found(sandbox, ask)
  const status = statusOf(sandbox, receipt)
  return { status: 200, body: { status, logs: [{ logLevel: 'INFO', message: status }] } }
}

const shared = { family: 'v4', access: 'bearer', follows: 'Receipts v4' } as const
const read = { ...shared, method: 'GET', scope: /^(?:receipts\.(?:read|write)|RCTIMG|IMAGE)$/ } as const
const write = {
  ...{ ...shared, method: 'POST' as const, uploadBytes: mostBytes },
  scope: /^(?:receipts\.(?:write|writeonly)|RCTIMG|IMAGE)$/,
}
const users = `${path}/users/{userId}`
const alone = `${path}/image-only-receipts/{receiptId}`

export const receiptOperations: readonly Operation[] = [
  { ...write, name: 'receipts.create', path: users, run: create },
  {
    ...write,
    name: 'receipts.create-image-only',
    path: `${users}/image-only-receipts`,
    run: createImageOnly,
  },
  { ...read, name: 'receipts.list', path: users, run: listOf(false) },
  { ...read, name: 'receipts.list-image-only', path: `${users}/image-only-receipts`, run: listOf(true) },
  { ...read, name: 'receipts.status', path: `${path}/status/{receiptId}`, run: getStatus },
  { ...read, name: 'receipts.get', path: `${path}/{receiptId}`, run: get },
  { ...read, name: 'receipts.image', path: `${path}/{receiptId}/image`, run: getImage },
  { ...read, name: 'receipts.get-image-only', path: alone, run: get },
  { ...read, name: 'receipts.image-only-image', path: `${alone}/image`, run: getImage },
]
