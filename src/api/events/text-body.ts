import { buffer } from 'node:stream/consumers'
import { TextDecoder } from 'node:util'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import { findHarm } from '#src/lib/json-harm.ts'
import { type ApiRequest, readForm, type Upload } from '../http/index.ts'
import { valuesOf } from '../parameters.ts'

/** As much as JSON may have. */
const mostBytes = 10 * 1_048_576

const charsetName = /;\s*charset\s*=\s*"?([^"\s;]+)/i

/** A charset that is not known is read as UTF-8: what a vendor sends is not refused for it. */
const decoderFor = (contentType: string): TextDecoder => {
  try {
    return new TextDecoder(charsetName.exec(contentType)?.[1] ?? 'utf-8')
  } catch {
    return new TextDecoder()
  }
}

/** The fields of a form (RFC 7578), its file in base64. Undefined: it is no sound form, or has several files. */
const formIn = async ({ file, contentType }: Upload): Promise<Json | undefined> => {
  let bytes = Buffer.alloc(0)
  const take = async (part: NodeJS.ReadableStream): Promise<void> => {
    bytes = await buffer(part)
  }
  try {
    const { fields, file: part } = await readForm(file.read(), contentType, take)
    if (part === undefined) return fields
    const { field, contentType: type, name = '' } = part
    return { ...fields, [field]: { fileName: name, contentType: type, content: bytes.toString('base64') } }
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** JSON that is called something else, as some vendors' queues send it. Undefined: it is none. */
const jsonIn = (text: string): Json | undefined => {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return findHarm(value) === undefined ? (value as Json) : undefined
  } catch {
    return undefined
  }
}

/**
 * A body that is not called JSON, as a value: a form's fields as an object, JSON as what it says, other text as it is.
 * @throws AppError `too-large`.
 */
export const readTextBody = async (upload: NonNullable<ApiRequest<never>['upload']>): Promise<Json> => {
  const whole = await upload(mostBytes, { asIs: true })
  const { file, type, contentType } = whole
  try {
    const form = type === 'multipart/form-data' ? await formIn(whole) : undefined
    if (form !== undefined) return form
    const text = decoderFor(contentType).decode(await buffer(file.read()))
    return type === 'application/x-www-form-urlencoded'
      ? valuesOf(new URLSearchParams(text))
      : (jsonIn(text) ?? text)
  } finally {
    await file.close()
  }
}
