import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ContentForm, PortForm } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Spool } from '#src/lib/spool.ts'
import type { RawBody } from './call.ts'
import { endingOf } from './file-types.ts'

/** Types stand between quotes and line ends (RFC 7578 section 4.2). */
const clean = (text: string): string => text.replace(/["\r\n]/g, '')

/** Names as browsers write them (WHATWG HTML, "multipart form data"). */
const named = (text: string): string => text.replace(/["\r\n]/g, (one) => encodeURIComponent(one))

const headOf = (boundary: string, name: string, type?: string, fileName?: string): string =>
  [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${named(name)}"${fileName === undefined ? '' : `; filename="${named(fileName)}"`}`,
    ...(type === undefined ? [] : [`Content-Type: ${clean(type)}`]),
    '',
    '',
  ].join('\r\n')

const newBoundary = (): string => `amalgam-${randomBytes(16).toString('hex')}`

/** What goes before a file, the file, and the end of the form; its length is known before it is sent. */
const around = (
  boundary: string,
  head: string,
  file: { readonly bytes: number; readonly open: () => AsyncIterable<Uint8Array> },
): RawBody => {
  const before = Buffer.from(head)
  const after = Buffer.from(`\r\n--${boundary}--\r\n`)
  async function* all(): AsyncGenerator<Uint8Array> {
    yield before
    yield* file.open()
    yield after
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: before.length + file.bytes + after.length,
    open: () => Readable.from(all(), { objectMode: false }),
  }
}

const anyBytes = 'application/octet-stream'

/** A form of texts and a file that keeps its name and type. */
export const formWithFile = ({ texts, file, part }: PortForm): RawBody => {
  const boundary = newBoundary()
  const type = file.type === '' ? anyBytes : file.type
  const before = Object.entries(texts).map(([name, text]) => `${headOf(boundary, name)}${text}\r\n`)
  const head = headOf(boundary, part, type, file.name ?? `file.${endingOf(type)}`)
  return around(boundary, `${before.join('')}${head}`, file)
}

/**
 * A form of one file and, where it is asked for, a part of JSON; its length is known before it is sent.
 * @throws AppError `bad-request` where that part is missing.
 */
export const formOf = (
  form: ContentForm,
  { file, type }: { readonly file: Spool; readonly type: string },
  fields: Readonly<Record<string, string>>,
): RawBody => {
  const boundary = newBoundary()
  const json = form.json === undefined ? undefined : fields[form.json]
  if (form.json !== undefined && json === undefined)
    throw new AppError('bad-request', `${form.json}: the form needs this part beside the file, with JSON.`)
  const before =
    json === undefined || form.json === undefined
      ? ''
      : `${headOf(boundary, form.json, 'application/json')}${json}\r\n`
  const head = headOf(boundary, form.file, type, `file.${endingOf(type)}`)
  return around(boundary, `${before}${head}`, { bytes: file.bytes(), open: file.read })
}
