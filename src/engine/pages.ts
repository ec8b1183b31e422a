import type { HubRow } from './rows.ts'
import { oneRow, type Prepared, type SearchInput } from './search.ts'
import { type Place, walkPages } from './walk.ts'

export type { Place } from './walk.ts'

/** Rows of one of the vendor's pages that the query wants, and where reading goes on. */
export interface PageRead {
  readonly rows: readonly HubRow[]
  /** Of the page after it; null: there is none. */
  readonly next: Place | null
}

/** A listing that is read a page of the vendor's at a time. */
export interface PagesInput extends SearchInput {
  /** Whose its rows are is not remembered: more come than anybody will ask for one by one. */
  readonly unnoted?: boolean | undefined
}

/** The beginning of a listing. */
export const beginning: Place = { cursor: null, skip: 0 }

/**
 * A listing in the vendor's order, a page of the vendor's at a time, from a place that an earlier reading of the same
 * listing told.
 * @throws AppError as `runSearch`, `query-too-broad` where it costs more calls or time than one hub call may.
 */
export async function* readPages(
  { walk, project }: Prepared,
  from: Place,
  unnoted = false,
): AsyncGenerator<PageRead> {
  if (walk.plan.key !== null) {
    yield { rows: (await oneRow(walk, walk.plan.key)).map(project), next: null }
    return
  }
  for await (const page of walkPages({ unnoted, ...walk }, from)) {
    const next = page.next
    yield { rows: page.rows.map(project), next }
  }
}
