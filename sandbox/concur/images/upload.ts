import { Refused } from '../errors.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { parse } from '../read-body.ts'

/** Reads what was uploaded, raw or as one part of a form, without holding it in memory. */

/** A stretch of a stored file. */
export interface Piece {
  readonly name: string
  readonly start: number
  /** In bytes. */
  readonly length: number
  readonly type: string
}
interface FormPart extends Piece {
  readonly field: string
}

const types = ['application/pdf', 'image/jpeg', 'image/png'] as const
/** How files of each type begin. */
const magic: readonly (readonly [type: (typeof types)[number], bytes: Buffer])[] = [
  ['application/pdf', Buffer.from('%PDF')],
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
]

const windowBytes = 65_536
const headBytes = 8192

/** Where a delimiter stands in a stored file. */
const findAll = async (sandbox: Sandbox, name: string, mark: Buffer): Promise<number[]> => {
  const handle = await sandbox.files.open(name)
  const found: number[] = []
  try {
    const buffer = Buffer.alloc(windowBytes + mark.length)
    for (let from = 0; ; from += windowBytes) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
      const seen = buffer.subarray(0, bytesRead)
      for (let at = seen.indexOf(mark); at >= 0 && at < windowBytes; at = seen.indexOf(mark, at + 1)) {
        found.push(from + at)
      }
      if (bytesRead < buffer.length) return found
    }
  } finally {
    await handle.close()
  }
}

const partAt = async (
  sandbox: Sandbox,
  name: string,
  from: number,
  to: number,
): Promise<FormPart | undefined> => {
  const head = await sandbox.files.bytes(name, from, Math.min(headBytes, to - from))
  const end = head.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const text = head.subarray(0, end).toString('utf8')
  const field = /;\s*name="([^"]*)"/i.exec(text)?.[1]
  if (field === undefined) return undefined
  const type = /^content-type:\s*([^\s;]+)/im.exec(text)?.[1] ?? 'text/plain'
  // The last line break before the next delimiter belongs to the delimiter.
  return { field, type: type.toLowerCase(), name, start: from + end + 4, length: to - 2 - (from + end + 4) }
}

const formParts = async (sandbox: Sandbox, name: string, boundary: string): Promise<FormPart[]> => {
  const mark = Buffer.from(`--${boundary}`)
  const places = await findAll(sandbox, name, mark)
  const parts: FormPart[] = []
  for (const [number, place] of places.slice(0, -1).entries()) {
    const part = await partAt(sandbox, name, place + mark.length + 2, places[number + 1] ?? 0)
    if (part !== undefined) parts.push(part)
  }
  return parts
}

/** The parts of a form by name; undefined when the body is none. */
export const readForm = async (
  sandbox: Sandbox,
  ask: Ask,
): Promise<ReadonlyMap<string, Piece> | undefined> => {
  const type = ask.headers['content-type'] ?? ''
  if (ask.upload === null || !/^multipart\/form-data\s*;/i.test(type)) return undefined
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(type) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw new Refused(400, 'Content-Type: the boundary is missing')
  const parts = await formParts(sandbox, ask.upload.name, boundary)
  return new Map(parts.map((part) => [part.field, part]))
}

const mostJsonBytes = 1024 * 1024

/** A part that is JSON. Throws `Refused` 400. */
export const jsonPart = async (sandbox: Sandbox, piece: Piece): Promise<Record<string, unknown>> => {
  if (piece.length > mostJsonBytes) throw new Refused(400, 'A part with JSON is larger than 1 MB')
  const value = parse(await sandbox.files.bytes(piece.name, piece.start, piece.length))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, 'A part must be a JSON object')
  }
  return value as Record<string, unknown>
}

/**
 * An image that was sent: its type is what its first bytes say. Throws `Refused` 400 for what is no PDF,
 * JPEG or PNG.
 * Follows: developer.concur.com, Image v1. Verified: 2026-08
 */
export const checkImage = async (sandbox: Sandbox, piece: Piece): Promise<Piece> => {
  const head = await sandbox.files.bytes(piece.name, piece.start, Math.min(8, Math.max(1, piece.length)))
  const type = magic.find(([, bytes]) => head.subarray(0, bytes.length).equals(bytes))?.[0]
  if (piece.length < 4 || type === undefined)
    throw new Refused(400, 'The image must be a PDF, JPEG or PNG file')
  return { ...piece, type }
}

/** The image of a body that is one, or of the first part of a form that is one. */
export const readImage = async (sandbox: Sandbox, ask: Ask): Promise<Piece> => {
  const form = await readForm(sandbox, ask)
  const type = (ask.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (form !== undefined) {
    const part = [...form.values()].find((each) => types.some((known) => known === each.type))
    if (part === undefined) throw new Refused(400, 'The form has no part with an image')
    return checkImage(sandbox, part)
  }
  if (ask.upload === null || ![...types, 'image/jpg'].includes(type)) {
    throw new Refused(415, `Content-Type: one of ${types.join(', ')}`)
  }
  return checkImage(sandbox, { name: ask.upload.name, start: 0, length: ask.upload.size, type })
}
