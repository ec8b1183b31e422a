import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { AppError } from '#src/lib/errors.ts'
import { openSpool, type Spool } from '#src/lib/spool.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import { refuseEncoding } from './body.ts'
import { streamOfBody } from './body-stream.ts'
import { readForm } from './form.ts'

/** A file that came as a body, or as the file part of a form (RFC 7578). */
export interface Upload {
  readonly file: Spool
  /** Media type, in lower case and without parameters. */
  readonly type: string
  /** The header as it came; of a part, its own. */
  readonly contentType: string
  /** What its sender calls it; undefined: nothing. */
  readonly fileName: string | undefined
  /** The other parts of the form. */
  readonly fields: Readonly<Record<string, string>>
}

/** How a body is read. */
export interface UploadOptions {
  /** A form is not looked into: its bytes are the file. */
  readonly asIs?: boolean
}

/** Fields, boundaries and heads of a form. */
const formBytes = 2 * 1024 * 1024

const tooLarge = (most: number): AppError =>
  new AppError(
    'too-large',
    `body: larger than the limit of ${most} bytes (${Math.floor((most / 1024 / 1024) * 10) / 10} MB). Send a smaller file.`,
  )

const typeOf = (header: string): string => header.split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** Writes a stream to a spool, at most so many bytes. */
const fill = async (from: Readable, spool: Spool, most: number): Promise<void> => {
  for await (const piece of from) {
    const chunk = piece as Buffer
    if (spool.bytes() + chunk.length > most) throw tooLarge(most)
    await spool.write(chunk)
  }
}

const readInto = async (
  file: Spool,
  bytes: Readable,
  contentType: string,
  isForm: boolean,
  most: number,
): Promise<Upload> => {
  if (!isForm) {
    await fill(bytes, file, most)
    return { file, type: typeOf(contentType), contentType, fileName: undefined, fields: {} }
  }
  const { fields, file: part } = await readForm(bytes, contentType, (from) => fill(from, file, most))
  if (part === undefined) throw new AppError('bad-request', 'body: the form has no part that is a file.')
  const { contentType: partType, name } = part
  return { file, type: typeOf(partType), contentType: partType, fileName: name, fields }
}

/**
 * Reads a body that is a file into a spool, which the caller closes.
 * @throws AppError `too-large`, `bad-request` for a form that is none and where the client leaves, `wrong-media-type`
 * for a compressed body.
 */
export const readUpload = async (
  incoming: IncomingMessage,
  signal: StopSignal,
  mostBytes: number,
  { asIs = false }: UploadOptions = {},
): Promise<Upload> => {
  const { 'content-type': contentType = '', 'content-length': length = '0' } = incoming.headers
  refuseEncoding(incoming.headers, 'as it is')
  const isForm = !asIs && typeOf(contentType) === 'multipart/form-data'
  if (Number(length) > mostBytes + (isForm ? formBytes : 0)) throw tooLarge(mostBytes)
  const file = await openSpool()
  const bytes = streamOfBody(incoming, signal)
  try {
    return await readInto(file, bytes, contentType, isForm, mostBytes)
  } catch (error) {
    bytes.destroy()
    await file.close()
    throw error
  }
}
