import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Sandbox } from '../operation.ts'
import type { Person } from '../people.ts'
import { protectedId } from '../protected-id.ts'
import type { Reply } from '../reply.ts'
import { createTable, type Kept } from '../table.ts'
import { binderOf, pageOfText, type Segment } from './pdf.ts'
import type { Piece } from './upload.ts'

/** Images that callers sent; each page is a piece of a stored file. */
export interface Image extends Kept {
  readonly ownerLogin: string
  /** When it was sent, in ms since 1970. */
  readonly at: number
  readonly pieces: readonly Piece[]
}
export const images = createTable<Image>('images')

/** The id of an image as v1 and v3 write it. */
export const imageId = (image: Image): string => protectedId('image', image.id)

/** Keeps an uploaded image. */
export const addImage = (sandbox: Sandbox, ask: Ask, owner: Person, piece: Piece): Image => {
  const at = sandbox.clock.now()
  const image = { id: newUuid(), home: owner.home, ownerLogin: owner.login, at, pieces: [piece] }
  images.put(sandbox, image)
  ask.upload?.keep()
  return image
}

/** Keeps an uploaded image as one more page of another. */
export const appendImage = (sandbox: Sandbox, ask: Ask, image: Image, piece: Piece): Image => {
  const changed = { ...image, pieces: [...image.pieces, piece] }
  images.put(sandbox, changed)
  ask.upload?.keep()
  return changed
}

export const removeImage = (sandbox: Sandbox, image: Image): void => {
  images.remove(sandbox, image.id)
  for (const { name } of image.pieces) sandbox.files.remove(name)
}

/** A reply with one file: a single page as it came, several bound into a PDF. */
export const fileReply = (pages: readonly (Piece | Buffer)[]): Reply => {
  const [first] = pages
  if (first === undefined) throw new Refused(404, 'There is no image')
  if (pages.length > 1) return { status: 200, file: { type: 'application/pdf', segments: binderOf(pages) } }
  const type = Buffer.isBuffer(first) ? 'application/pdf' : first.type
  return { status: 200, file: { type, segments: [first as Segment] } }
}

/** A receipt that nobody sent: a page with the lines, for what the seed says has an image. */
export const madeReceipt = (lines: readonly string[]): Buffer => pageOfText(['Receipt', ...lines])

const linkLifeMs = 15 * 60_000
export const filePath = '/imaging/v1/files'

/**
 * The address of a file: no token is needed, 15 minutes long. `kind` and `id` say whose pages it shows.
 * Follows: developer.concur.com, Image v1. Verified: 2026-08
 */
export const fileLink = (sandbox: Sandbox, ask: Ask, kind: string, id: string): string => {
  const expiresAt = sandbox.clock.now() + linkLifeMs
  const ticket = Buffer.from(JSON.stringify([kind, id, expiresAt])).toString('base64url')
  return `${ask.baseUrl}${filePath}/${ticket}.${sandbox.files.sign(ticket)}`
}
