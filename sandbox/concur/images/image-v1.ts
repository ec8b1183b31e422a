import type { DataCentre } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf, creator, isTheirs, whoseRow } from '../owner.ts'
import { personByLogin } from '../people.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import type { Entry, Report } from '../records.ts'
import type { Reply } from '../reply.ts'
import { changeEntry, changeReport, entriesOf, findEntry, findReport } from '../store.ts'
import { createTable, type Kept } from '../table.ts'
import {
  addImage,
  appendImage,
  fileLink,
  filePath,
  fileReply,
  imageId,
  images,
  madeReceipt,
} from './image-data.ts'
import { type Piece, readImage } from './upload.ts'

/**
 * Image v1.0: images of receipts, entries and reports, up to 10 MB each. The image is the body, or a part of
 * a form. Decided here: another POST to the same entry or report adds a page; a report's image shows its
 * expenses' images too, as far as there are any.
 * Follows: developer.concur.com, Image v1. Verified: 2026-08
 */
const path = '/api/image/v1.0'
const mostBytes = 10 * 1024 * 1024
type Pages = readonly (Piece | Buffer)[]

const reply = (
  sandbox: Sandbox,
  ask: Ask,
  status: number,
  at: readonly [kind: string, id: string],
  id: string,
): Reply => ({
  status,
  body: { Id: id, Url: status === 201 ? null : fileLink(sandbox, ask, ...at) },
  xml: { root: 'Image', namespace: 'http://www.concursolutions.com/api/image/2011/02' },
})

const postReceipt = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const image = addImage(sandbox, ask, creator(ask), await readImage(sandbox, ask))
  return reply(sandbox, ask, 201, ['image', image.id], imageId(image))
}

const getReceipt = (sandbox: Sandbox, ask: Ask): Reply => {
  const whose = whoseRow(ask)
  const id = openProtected('image', ask.params['imageId'] ?? '')
  const image = id === undefined ? undefined : images.find(sandbox, companyOf(ask), id)
  if (image === undefined || !isTheirs(whose, image.ownerLogin))
    throw new Refused(404, 'The image was not found')
  return reply(sandbox, ask, 200, ['image', image.id], imageId(image))
}

/** Adds the upload to an image, or begins one. */
const attach = async (sandbox: Sandbox, ask: Ask, ownerLogin: string, id: string | undefined) => {
  const owner = personByLogin(ownerLogin)
  if (owner === undefined) throw new Refused(404, 'The owner was not found')
  const piece = await readImage(sandbox, ask)
  const known = id === undefined ? undefined : images.find(sandbox, owner.home, id)
  return known === undefined ? addImage(sandbox, ask, owner, piece) : appendImage(sandbox, ask, known, piece)
}

const entryIn = (sandbox: Sandbox, ask: Ask): Entry => {
  const whose = whoseRow(ask)
  const entry = findEntry(sandbox, ask.params['entryId'] ?? '')
  if (entry === undefined || !isTheirs(whose, entry.ownerLogin))
    throw new Refused(404, 'The entry was not found')
  return entry
}

const pagesOfEntry = (sandbox: Sandbox, entry: Entry): Pages => {
  const home = personByLogin(entry.ownerLogin)?.home ?? 'us2'
  const image = entry.imageId === undefined ? undefined : images.find(sandbox, home, entry.imageId)
  if (image !== undefined) return image.pieces
  const lines = [entry.typeName, entry.vendorDescription ?? '', `${String(entry.amount)} ${entry.currency}`]
  return entry.hasImage ? [madeReceipt(lines)] : []
}

const postEntry = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const entry = entryIn(sandbox, ask)
  const image = await attach(sandbox, ask, entry.ownerLogin, entry.imageId)
  changeEntry(sandbox, entry, { imageId: image.id, hasImage: true })
  return reply(sandbox, ask, 201, ['entry', entry.id], imageId(image))
}

const getEntry = (sandbox: Sandbox, ask: Ask): Reply => {
  const entry = entryIn(sandbox, ask)
  if (pagesOfEntry(sandbox, entry).length === 0) throw new Refused(404, 'The entry has no image')
  const id = entry.imageId === undefined ? entry.id : protectedId('image', entry.imageId)
  return reply(sandbox, ask, 200, ['entry', entry.id], id)
}

/** The image of a report itself, by the report's id. */
interface ReportImage extends Kept {
  readonly imageId: string
}
const reportImages = createTable<ReportImage>('report-images')

const reportIn = (sandbox: Sandbox, ask: Ask): Report => {
  const whose = whoseRow(ask)
  const report = findReport(sandbox, ask.params['reportId'] ?? '')
  if (report === undefined || !isTheirs(whose, report.ownerLogin))
    throw new Refused(404, 'The report was not found')
  return report
}

const pagesOfReport = (sandbox: Sandbox, home: DataCentre, report: Report): Pages => {
  const own = reportImages.find(sandbox, home, report.id)
  const image = own === undefined ? undefined : images.find(sandbox, home, own.imageId)
  const entries = entriesOf(sandbox, report).flatMap((entry) => pagesOfEntry(sandbox, entry))
  return [...(image?.pieces ?? []), ...entries]
}

const postReport = async (sandbox: Sandbox, ask: Ask): Promise<Reply> => {
  const report = reportIn(sandbox, ask)
  const known = reportImages.find(sandbox, companyOf(ask), report.id)
  const image = await attach(sandbox, ask, report.ownerLogin, known?.imageId)
  reportImages.put(sandbox, { id: report.id, home: image.home, imageId: image.id })
  changeReport(sandbox, report, { receiptsReceived: true })
  return reply(sandbox, ask, 201, ['report', report.id], imageId(image))
}

const getReport = (sandbox: Sandbox, ask: Ask): Reply => {
  const report = reportIn(sandbox, ask)
  const home = companyOf(ask)
  if (pagesOfReport(sandbox, home, report).length === 0) throw new Refused(404, 'The report has no image')
  const own = reportImages.find(sandbox, home, report.id)
  const id = own === undefined ? report.id : protectedId('image', own.imageId)
  return reply(sandbox, ask, 200, ['report', report.id], id)
}

const pagesOf = (sandbox: Sandbox, home: DataCentre, kind: string, id: string): Pages => {
  if (kind === 'image') return images.find(sandbox, home, id)?.pieces ?? []
  const entry = kind === 'entry' ? findEntry(sandbox, id) : undefined
  if (entry !== undefined) return pagesOfEntry(sandbox, entry)
  const report = kind === 'report' ? findReport(sandbox, id) : undefined
  return report === undefined ? [] : pagesOfReport(sandbox, home, report)
}

const serve = (sandbox: Sandbox, ask: Ask): Reply => {
  const [ticket = '', signature = ''] = (ask.params['ticket'] ?? '').split('.')
  if (!sandbox.files.verify(ticket, signature)) throw new Refused(404, 'There is no such file')
  const [kind, id, expiresAt] = JSON.parse(Buffer.from(ticket, 'base64url').toString()) as [
    string,
    string,
    number,
  ]
  if (expiresAt <= sandbox.clock.now()) throw new Refused(403, 'The address of this file has expired')
  return fileReply(pagesOf(sandbox, ask.dataCentre, kind, id))
}

const shared = { family: 'v1', access: 'bearer', scope: /^IMAGE$/, follows: 'Image v1' } as const
const post = { ...shared, method: 'POST', uploadBytes: mostBytes } as const
const read = { ...shared, method: 'GET' } as const

export const imageOperations: readonly Operation[] = [
  { ...post, name: 'images.receipt.create', path: `${path}/receipt`, run: postReceipt },
  { ...read, name: 'images.receipt.get', path: `${path}/receipt/{imageId}`, run: getReceipt },
  { ...post, name: 'images.entry.create', path: `${path}/expenseentry/{entryId}`, run: postEntry },
  { ...read, name: 'images.entry.get', path: `${path}/expenseentry/{entryId}`, run: getEntry },
  { ...post, name: 'images.report.create', path: `${path}/report/{reportId}`, run: postReport },
  { ...read, name: 'images.report.get', path: `${path}/report/{reportId}`, run: getReport },
  {
    ...{ name: 'images.file', follows: 'Image v1', method: 'GET', path: `${filePath}/{ticket}` },
    ...{ family: 'v4', access: 'open', run: serve },
  },
]
