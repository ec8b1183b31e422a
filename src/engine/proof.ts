import { type Resource, readPath } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json } from '#src/lib/json.ts'

const hasRows = (body: Json | undefined, rowsNames: readonly string[]): boolean =>
  rowsNames.length === 0 || (isJsonObject(body) && rowsNames.some((name) => Object.hasOwn(body, name)))

const hasCount = ({ page }: Resource, body: Json | undefined, nextNames: readonly string[]): boolean => {
  if (page.kind !== 'page-number') return true
  const paging = readPath(body, nextNames)
  return isJsonObject(paging) && Number.isInteger(paging[page.count])
}

/**
 * Refuses a page of a listing that would count as empty or as the last one for what it lacks, not for what it says.
 * @param rowsNames the names under which it may hold the rows; none: it is the rows.
 * @param nextNames the names under which it tells of the next page, from the outside in.
 * @throws AppError `provider-failed`.
 */
export const checkProof = (
  resource: Resource,
  body: Json | undefined,
  rowsNames: readonly string[],
  nextNames: readonly string[],
): void => {
  const lacking = !hasRows(body, rowsNames)
    ? 'rows'
    : hasCount(resource, body, nextNames)
      ? undefined
      : 'number of pages'
  if (lacking === undefined) return
  throw new AppError('provider-failed', `The listing of ${resource.name} came without its ${lacking}.`, {
    hop: 'provider',
  })
}
