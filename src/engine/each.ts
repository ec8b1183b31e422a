import type { HubRow } from './rows.ts'
import { firstPlace, oneRow, type Prepared } from './search.ts'
import { walkPages } from './walk.ts'

/**
 * Every row of a listing, a vendor's page at a time.
 * @throws AppError as `runSearch`, `query-too-broad` where it costs more calls or time than one hub call may.
 */
export async function* readEach({ walk, project }: Prepared): AsyncGenerator<readonly HubRow[]> {
  if (walk.plan.key !== null) {
    yield (await oneRow(walk, walk.plan.key)).map(project)
    return
  }
  for await (const page of walkPages(walk, firstPlace)) yield page.rows.map(project)
}
