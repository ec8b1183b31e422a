import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ContentForm } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Spool } from '#src/lib/spool.ts'
import type { RawBody } from './call.ts'
import { endingOf } from './file-types.ts'

/** Names and types stand between quotes and line ends (RFC 7578 section 4.2). */
const clean = (text: string): string => text.replace(/["\r\n]/g, '')

const headOf = (boundary: string, name: string, type: string, fileName?: string): string =>
  [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${clean(name)}"${fileName === undefined ? '' : `; filename="${clean(fileName)}"`}`,
    `Content-Type: ${clean(type)}`,
    '',
    '',
  ].join('\r\n')

/**
 * A form of one file and, where it is asked for, a part of JSON; its length is known before it is sent.
 * @throws AppError `bad-request` where that part is missing.
 */
export const formOf = (
  form: ContentForm,
  { file, type }: { readonly file: Spool; readonly type: string },
  fields: Readonly<Record<string, string>>,
): RawBody => {
  const boundary = `amalgam-${randomBytes(16).toString('hex')}`
  const json = form.json === undefined ? undefined : fields[form.json]
  if (form.json !== undefined && json === undefined)
    throw new AppError('bad-request', `${form.json}: the form needs this part beside the file, with JSON.`)
  const before = Buffer.from(
    `${
      json === undefined || form.json === undefined
        ? ''
        : `${headOf(boundary, form.json, 'application/json')}${json}\r\n`
    }${headOf(boundary, form.file, type, `file.${endingOf(type)}`)}`,
  )
  const after = Buffer.from(`\r\n--${boundary}--\r\n`)
  async function* all(): AsyncGenerator<Uint8Array> {
    yield before
    yield* file.read() as AsyncIterable<Uint8Array>
    yield after
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: before.length + file.bytes() + after.length,
    open: () => Readable.from(all(), { objectMode: false }),
  }
}
