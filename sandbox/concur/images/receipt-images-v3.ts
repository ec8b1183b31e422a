import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf, creator, isTheirs, whoseRow, whoseRows } from '../owner.ts'
import { openProtected } from '../protected-id.ts'
import type { Reply } from '../reply.ts'
import { v3Created, v3Page } from '../v3-page.ts'
import { updateReply } from '../write-fields.ts'
import { addImage, appendImage, fileLink, type Image, imageId, images, removeImage } from './image-data.ts'
import { readImage } from './upload.ts'

/**
 * Receipt images v3: the image is the body; PUT appends a page; a single GET gives the address of the file.
 * Decided here: 10 MB, as Image v1 has it; PDF, JPEG and PNG.
 * Follows: developer.concur.com, Receipt Image v3. Verified: 2026-08
 */
const path = '/api/v3.0/expense/receiptimages'
const mostBytes = 10 * 1024 * 1024

const uriOf = (image: Image, baseUrl: string): string =>
  `${baseUrl}${path}/${encodeURIComponent(imageId(image))}`

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const whose = whoseRows(ask)
  const rows = images.all(sandbox, companyOf(ask)).filter((image) => isTheirs(whose, image.ownerLogin))
  const write = (image: Image) => ({ ID: imageId(image), URI: uriOf(image, ask.baseUrl) })
  return v3Page(ask, rows, write, { root: 'ReceiptImages', item: 'ReceiptImage' })
}

const found = (sandbox: Sandbox, ask: Ask): Image => {
  const whose = whoseRow(ask)
  const id = openProtected('image', ask.params['id'] ?? '')
  const image = id === undefined ? undefined : images.find(sandbox, companyOf(ask), id)
  if (image === undefined || !isTheirs(whose, image.ownerLogin)) {
    throw new Refused(404, 'The receipt image was not found; for another person’s send user=LOGIN')
  }
  return image
}

const get = (sandbox: Sandbox, ask: Ask): Reply => {
  const image = found(sandbox, ask)
  const body = { ID: imageId(image), URI: fileLink(sandbox, ask, 'image', image.id) }
  return { status: 200, body, xml: { root: 'ReceiptImage' } }
}

const create = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const owner = creator(ask)
  const image = addImage(sandbox, ask, owner, await readImage(sandbox, ask))
  return { ...v3Created(ask, imageId(image)), xml: { root: 'ReceiptImage' } }
}

const append = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const image = found(sandbox, ask)
  const piece = await readImage(sandbox, ask)
  appendImage(sandbox, ask, image, piece)
  return updateReply(sandbox, ask.operation)
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  removeImage(sandbox, found(sandbox, ask))
  return { status: 200 }
}

const shared = { family: 'v3', access: 'bearer', scope: /^IMAGE$/, follows: 'Receipt Image v3' } as const
const upload = { ...shared, uploadBytes: mostBytes } as const

export const receiptImageOperations: readonly Operation[] = [
  { ...shared, name: 'receipt-images.list', method: 'GET', path, run: list },
  { ...upload, name: 'receipt-images.create', method: 'POST', path, run: create },
  { ...shared, name: 'receipt-images.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...upload, name: 'receipt-images.append', method: 'PUT', path: `${path}/{id}`, run: append },
  { ...shared, name: 'receipt-images.delete', method: 'DELETE', path: `${path}/{id}`, run: remove },
]
