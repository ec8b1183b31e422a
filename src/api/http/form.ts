import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '#src/lib/errors.ts'

/** What a form held besides the bytes of its file. */
export interface FormRead {
  readonly fields: Readonly<Record<string, string>>
  /** Undefined: no part of it was a file. */
  readonly file: FormFile | undefined
}

/** What is told of a file in a form. */
export interface FormFile {
  /** The name of its part. */
  readonly field: string
  /** Its Content-Type, in lower case. */
  readonly contentType: string
  readonly name: string | undefined
}

const mostFields = 50
const mostFieldBytes = 1024 * 1024
const maxHeaderBytes = 16 * 1024

const badForm = (message: string, cause?: unknown): AppError =>
  new AppError('bad-request', `body: ${message}`, {}, { cause })

/** A browser names a part of JSON "blob", as it does a file. */
const isFile = (_field: string | undefined, type: string | undefined, name: string | undefined): boolean =>
  type !== 'application/json' && (name !== undefined || type === 'application/octet-stream')

const openBusboy = (contentType: string, fileField: string | undefined): BusboyInstance => {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: fileField === undefined ? isFile : (field) => field === fileField,
      limits: {
        ...{ files: 1, fields: mostFields, parts: mostFields + 1 },
        ...{ fieldSize: mostFieldBytes, headerSize: maxHeaderBytes },
      },
    })
  } catch (error) {
    throw new AppError(
      'bad-request',
      'Content-Type: multipart/form-data needs its boundary.',
      {},
      { cause: error },
    )
  }
}

/** Makes what stops a form for any of the reasons for which it is no good. */
const watchFaults = (form: BusboyInstance, fail: (error: unknown) => void): void => {
  form.on('error', fail)
  form.once('filesLimit', () => fail(badForm('a form with one file is taken, not with several.')))
  for (const limit of ['fieldsLimit', 'partsLimit'] as const)
    form.once(limit, () => fail(badForm(`at most ${mostFields} fields.`)))
}

/**
 * Reads a form (RFC 7578) with one file at most.
 * @param stream destroyed where it is not read to its end.
 * @param takeFile takes the file's bytes; must read or destroy them.
 * @param fileField the name of the part that is the file, where its type does not tell.
 * @throws AppError `bad-request` naming the fault, and what `takeFile` throws.
 */
export const readForm = async (
  stream: Readable,
  contentType: string,
  takeFile: (bytes: Readable) => Promise<void>,
  fileField?: string,
): Promise<FormRead> => {
  const form = openBusboy(contentType, fileField)
  const fields = new Map<string, string>()
  let part: BusboyFileStream | undefined
  let file: FormFile | undefined
  let taking = Promise.resolve()

  const parsed = new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      stream.unpipe(form)
      stream.destroy()
      // Nobody else ends it: whoever takes it would wait for ever.
      part?.destroy(new Error('The form ended early.'))
      reject(error instanceof AppError ? error : badForm('it is no sound multipart form.', error))
    }
    stream.on('error', fail)
    watchFaults(form, fail)
    form.once('finish', resolve)
    form.on('field', (name, value, _nameCut, isCut) => {
      if (isCut) fail(badForm(`${name.slice(0, 64)}: larger than ${mostFieldBytes} bytes.`))
      else fields.set(name, value)
    })
    form.on('file', (field, bytes, name: string | undefined, _coding, type) => {
      part = bytes.on('error', () => undefined)
      file = { field, contentType: type.toLowerCase(), name }
      taking = takeFile(bytes)
      taking.catch(fail)
    })
    stream.pipe(form)
  })

  try {
    await parsed
    await taking
    return { fields: Object.fromEntries(fields), file }
  } finally {
    form.destroy()
    // The file's place may be given back only when nobody writes to it.
    await taking.catch(() => undefined)
  }
}
