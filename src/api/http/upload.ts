import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import { AppError } from '#src/lib/errors.ts'
import { openSpool, type Spool } from '#src/lib/spool.ts'

/** A file that came as a body, or as the file part of a form (RFC 7578). */
export interface Upload {
  readonly file: Spool
  /** Media type, in lower case and without parameters. */
  readonly type: string
  /** The header as it came; of a part, its own. */
  readonly contentType: string
  /** The other parts of the form. */
  readonly fields: Readonly<Record<string, string>>
}

const mostFieldBytes = 1024 * 1024
/** Boundaries and heads of the parts of a form. */
const formBytes = 64 * 1024

const tooLarge = (most: number): AppError =>
  new AppError('too-large', `body: larger than the limit of ${most} bytes. Send a smaller file.`)

const badForm = (message: string): AppError => new AppError('bad-request', `body: ${message}`)

const typeOf = (header: string): string => header.split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** Writes a stream to a spool, at most so many bytes. */
const fill = async (from: AsyncIterable<Buffer>, spool: Spool, most: number): Promise<void> => {
  for await (const chunk of from) {
    if (spool.bytes() + chunk.length > most) throw tooLarge(most)
    await spool.write(chunk)
  }
}

const readForm = async (
  incoming: IncomingMessage,
  spool: Spool,
  most: number,
): Promise<Omit<Upload, 'file'>> => {
  const { 'content-type': contentType = '' } = incoming.headers
  const fields: Record<string, string> = {}
  let type: string | undefined
  await new Promise<void>((resolve, reject) => {
    const form = new Busboy({
      headers: { 'content-type': contentType },
      limits: { files: 1, fields: 50, fieldSize: mostFieldBytes },
    })
    let writing = Promise.resolve()
    form.on('file', (_name, stream, _fileName, _encoding, mimeType) => {
      type = mimeType
      writing = fill(stream, spool, most)
      writing.catch((error: unknown) => {
        incoming.unpipe(form)
        reject(error)
      })
    })
    form.on('filesLimit', () => reject(badForm('a form with one file is taken, not with several.')))
    form.on('field', (name, value, _nameTruncated, isTruncated) => {
      if (isTruncated) reject(badForm(`${name.slice(0, 64)}: larger than ${mostFieldBytes} bytes.`))
      else fields[name] = value
    })
    form.on('error', (error: Error) => reject(badForm(`it is no multipart form: ${error.message}.`)))
    form.on('finish', () => writing.then(resolve, reject))
    incoming.pipe(form)
  })
  if (type === undefined) throw badForm('the form has no part that is a file.')
  return { type: typeOf(type), contentType: type, fields }
}

/** `file`: of a form only its file is kept, the rest are fields. `body`: the body is kept as it came, a form too. */
export type UploadKind = 'file' | 'body'

/**
 * Reads a body into a spool, which the caller closes.
 * @throws AppError `too-large`, `bad-request` for a form that is none. The promise stays open when the connection
 * breaks: its owner races it with that.
 */
export const readUpload = async (
  incoming: IncomingMessage,
  mostBytes: number,
  kind: UploadKind,
): Promise<Upload> => {
  const { 'content-type': contentType = '', 'content-length': length = '0' } = incoming.headers
  const type = typeOf(contentType)
  const isForm = kind === 'file' && type === 'multipart/form-data'
  if (Number(length) > mostBytes + (isForm ? formBytes : 0)) throw tooLarge(mostBytes)
  const file = await openSpool()
  incoming.once('close', () => {
    if (!incoming.complete) void file.close()
  })
  try {
    if (isForm) return { file, ...(await readForm(incoming, file, mostBytes)) }
    await fill(incoming, file, mostBytes)
    return { file, type, contentType, fields: {} }
  } catch (error) {
    await file.close()
    throw error
  }
}
