import { text } from 'node:stream/consumers'
import type { Json } from '#src/lib/json.ts'
import type { ApiRequest } from '../http/index.ts'

const mostBytes = 1_048_576

/** A body that is no JSON, as a value: a form's fields as an object, other text as it is. @throws AppError `too-large`. */
export const readTextBody = async (upload: NonNullable<ApiRequest<never>['upload']>): Promise<Json> => {
  const { file, type } = await upload(mostBytes, { asIs: true })
  try {
    const body = await text(file.read())
    return type === 'application/x-www-form-urlencoded' ? Object.fromEntries(new URLSearchParams(body)) : body
  } finally {
    await file.close()
  }
}
