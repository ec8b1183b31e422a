import type { JsonObject } from '#src/lib/json.ts'
import type { BulkPart } from '#src/store/index.ts'
import { createColumns } from './columns.ts'
import type { DownloadCriteria } from './criteria.ts'
import type { Step, StepInput } from './download-step.ts'
import { newFileName, putFile, readFile } from './job-files.ts'
import { linesIn } from './lines.ts'
import type { BulkNeed } from './need.ts'
import { counted, inPieces } from './pieces.ts'
import { shownAtOnce, shownLines } from './shown-lines.ts'
import { viewOf } from './view.ts'

type Keys = Parameters<ReturnType<BulkNeed['objects']['order']>['compare']>[0]

/** A part on its way, and its next record. */
interface Source {
  readonly order: number
  readonly lines: AsyncGenerator<string>
  row: JsonObject
  keys: Keys
}

/**
 * Merges parts that are sorted each into one that is, cut to the limit and to the fields that are asked for. Its
 * memory is a piece of each part. Cut off, it begins anew.
 */
export const sortParts = async (
  need: BulkNeed,
  { job, resource, call }: Pick<StepInput, 'job' | 'resource' | 'call'>,
): Promise<Step> => {
  const criteria = job.criteria as DownloadCriteria
  const { orderBy, limit } = criteria
  const { keysOf, compare } = need.objects.order(resource, orderBy)
  const { show, scriptError } = viewOf(need, call, resource, criteria)
  const parts = await need.store.bulkParts.list(job)
  const columns = createColumns([])
  let records = 0
  let bytes = 0

  const advance = async (source: Source): Promise<boolean> => {
    const { done, value } = await source.lines.next()
    if (done === true) return false
    source.row = JSON.parse(value) as JsonObject
    source.keys = keysOf(source.row)
    return true
  }

  async function* mergedFrom(sources: readonly Source[]): AsyncGenerator<JsonObject> {
    const heap = createHeap<Source>((one, two) => {
      const order = compare(one.keys, two.keys)
      return order === 0 ? one.order - two.order : order
    })
    for (const source of sources) if (await advance(source)) heap.push(source)
    for (
      let source = heap.pop();
      source !== undefined && (limit === null || records < limit);
      source = heap.pop()
    ) {
      yield source.row
      if (await advance(source)) heap.push(source)
    }
  }

  const note = (row: JsonObject): void => {
    columns.note(row)
    records += 1
  }

  async function* merged(): AsyncGenerator<readonly JsonObject[]> {
    const sources = parts.map(({ part, name }): Source => {
      const lines = linesIn(readFile(need, job, name))
      return { order: part, lines, row: {}, keys: [] }
    })
    try {
      let rows: JsonObject[] = []
      for await (const row of mergedFrom(sources)) {
        rows.push(row)
        if (rows.length < shownAtOnce) continue
        yield rows
        rows = []
      }
      yield rows
    } finally {
      // With a limit, or after a failure, parts are not read to their end: their files are open still.
      await Promise.all(sources.map(({ lines }) => lines.return(undefined)))
    }
  }

  const name = newFileName(job, 'sorted')
  const lines = counted(
    inPieces(shownLines(merged(), show, limit ?? Number.POSITIVE_INFINITY, note)),
    (more) => {
      bytes += more
    },
  )
  await putFile(need, job, name, lines)
  const part: BulkPart = { part: 0, name, firstRecord: 0, records, bytes }
  return {
    change: { records, bytes, columns: columns.names(), message: scriptError() },
    parts: records === 0 ? [] : [part],
    done: true,
  }
}

/** A binary heap: the least comes first. */
const createHeap = <Item>(compare: (one: Item, two: Item) => number) => {
  const items: Item[] = []
  const isLess = (one: number, two: number): boolean => compare(items[one] as Item, items[two] as Item) < 0
  const swap = (one: number, two: number): void => {
    const held = items[one] as Item
    items[one] = items[two] as Item
    items[two] = held
  }
  const sink = (from: number): void => {
    for (let at = from; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < items.length && isLess(left, least)) least = left
      if (right < items.length && isLess(right, least)) least = right
      if (least === at) return
      swap(at, least)
      at = least
    }
  }
  return {
    push: (item: Item): void => {
      items.push(item)
      for (let at = items.length - 1; at > 0; ) {
        const above = (at - 1) >> 1
        if (!isLess(at, above)) return
        swap(at, above)
        at = above
      }
    },
    pop: (): Item | undefined => {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        sink(0)
      }
      return first
    },
  }
}
