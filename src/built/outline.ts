import type { ElementJson } from '#src/contract/index.ts'
import { reachOf } from './converters.ts'
import { type Operation, operationNamed, operationsOf } from './operation.ts'
import { pagingOf } from './paging.ts'

/** How one operation of an element's JSON would be run. */
export interface OperationOutline {
  readonly method: string
  /** Below the hub: `/contacts/{id}`. */
  readonly path: string
  /** Who makes pages of a listing: the provider is asked for each, or gives all rows and they are parted here. */
  readonly pages: 'provider' | 'here'
  /**
   * What of `where` the provider is asked: comparisons by `=`, whatever must hold beside the others, or all of it.
   * `here`: nothing; rows are chosen after they came.
   */
  readonly where: 'equals' | 'spine' | 'whole' | 'here'
  /** Hooks that run before the provider is called, and after, those of the element among them. */
  readonly hooks: { readonly before: number; readonly after: number }
  /** `GET /contacts/{id}`, which is called after it; absent: none is. */
  readonly next?: string
}

const whereOf = ({ parameters }: Operation): OperationOutline['where'] => {
  const where = parameters.find(({ name, type }) => name === 'where' && type === 'query')
  const converter = where?.converter?.trim()
  return converter ? reachOf(converter) : 'here'
}

/**
 * How the operations of an element that callers reach would be run, in the order of its `resources`.
 * @throws AppError `bad-request` naming the member of `resources` that is wrong.
 */
export const outlineOperations = (json: ElementJson): readonly OperationOutline[] => {
  const defaults = new Map((json.configuration ?? []).map(({ key, defaultValue }) => [key, defaultValue]))
  const configured = (key: string): string | undefined => {
    const value = defaults.get(key)
    return value === undefined || value === null ? undefined : String(value)
  }
  const { all, ofHub } = operationsOf(json)
  return ofHub.map((operation) => {
    const { method, segments, before, after, nextResource } = operation
    const next = nextResource === '' ? undefined : operationNamed(all, nextResource)
    return {
      method,
      path: `/${segments.join('/')}`,
      pages: pagingOf(operation, configured).kind === 'none' ? 'here' : 'provider',
      where: whereOf(operation),
      hooks: { before: before.length, after: after.length },
      ...(next === undefined ? {} : { next: next.name }),
    }
  })
}
