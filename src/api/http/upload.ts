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

/** A part of a form that is the file, whatever its type. */
export interface FilePart {
  readonly name: string
  /** Takes its bytes, or those of a body that is no form. */
  readonly take: (bytes: AsyncIterable<Uint8Array>) => Promise<void>
}

/** How a body is read. */
export interface UploadOptions {
  /** A form is not looked into: its bytes are the file. */
  readonly asIs?: boolean
  /** Its bytes do not go into the spool. */
  readonly part?: FilePart
  /** Only a form is taken, and this part of it is the file, whatever its type. */
  readonly field?: string | undefined
  /** A form may do without a file. */
  readonly fileless?: boolean
}

/** Fields, boundaries and heads of a form. */
const formBytes = 2 * 1024 * 1024

const tooLarge = (most: number): AppError =>
  new AppError(
    'too-large',
    `body: larger than the limit of ${most} bytes (${Math.floor((most / 1024 / 1024) * 10) / 10} MB). Send a smaller file.`,
  )

const noForm = (field: string): AppError =>
  new AppError(
    'wrong-media-type',
    `Content-Type: send a form (multipart/form-data) with the file as its part '${field}'.`,
  )

const typeOf = (header: string): string => header.split(';', 1)[0]?.trim().toLowerCase() ?? ''

const isFormType = (header: string): boolean => typeOf(header) === 'multipart/form-data'

/** Writes a stream to a spool, at most so many bytes. */
const fill = async (from: Readable, spool: Spool, most: number): Promise<void> => {
  for await (const piece of from) {
    const chunk = piece as Buffer
    if (spool.bytes() + chunk.length > most) throw tooLarge(most)
    await spool.write(chunk)
  }
}

/** A stream of at most so many bytes. */
async function* limited(from: Readable, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of from) {
    const chunk = piece as Buffer
    bytes += chunk.length
    if (bytes > most) throw tooLarge(most)
    yield chunk
  }
}

const readInto = async (
  file: Spool,
  bytes: Readable,
  contentType: string,
  most: number,
  { asIs = false, part: wanted, field, fileless = false }: UploadOptions,
): Promise<Upload> => {
  const take = (from: Readable): Promise<void> =>
    wanted === undefined ? fill(from, file, most) : wanted.take(limited(from, most))
  if (field !== undefined && !isFormType(contentType)) throw noForm(field)
  if (asIs || !isFormType(contentType)) {
    await take(bytes)
    return { file, type: typeOf(contentType), contentType, fileName: undefined, fields: {} }
  }
  const { fields, file: part } = await readForm(bytes, contentType, take, field ?? wanted?.name)
  if (part === undefined && !fileless)
    throw new AppError(
      'bad-request',
      field === undefined
        ? 'body: the form has no part that is a file.'
        : `${field}: it is needed in the form, and is the file.`,
    )
  const { contentType: partType, name } = part ?? { contentType: '', name: undefined }
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
  options: UploadOptions = {},
): Promise<Upload> => {
  const { 'content-type': contentType = '', 'content-length': length = '0' } = incoming.headers
  refuseEncoding(incoming.headers, 'as it is')
  const isForm = options.asIs !== true && isFormType(contentType)
  if (Number(length) > mostBytes + (isForm ? formBytes : 0)) throw tooLarge(mostBytes)
  const file = await openSpool()
  const bytes = streamOfBody(incoming, signal)
  try {
    return await readInto(file, bytes, contentType, mostBytes, options)
  } catch (error) {
    bytes.destroy()
    await file.close()
    throw error
  }
}
