import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Orchard, Page } from './orchard.ts'

/** What becomes of one page. `slides`: its first row came to another page while they were read. */
export type Fate = 'ok' | 'error' | 'limit' | 'cut' | 'not-json' | 'no-rows' | 'slides'

/** What a reply that is none of an error holds. */
const shownRows = {
  ok: (rows: Page['rows']) => ({ Items: rows }),
  slides: (rows: Page['rows']) => ({ Items: rows.slice(1) }),
  'no-rows': () => ({}),
} as const

const isShown = (fate: Fate): fate is keyof typeof shownRows => fate in shownRows

/** Looks at each request for a page, and may let it wait. @param number of the request, from 1. */
export type OnPage = (number: number) => Fate | Promise<Fate>

/** The program of a vendor, on a socket: a page of rows after a time, and tokens for whoever asks. */
export const startOrchardVendor = async () => {
  let orchard: Orchard | undefined
  let onPage: OnPage = () => 'ok'
  /** Pages are read before they wait, not after. */
  let readsFirst = false
  let pages = 0
  /** By how much the clock was ahead at each answer since it was last forgotten, and at those asked for before. */
  let offsets: number[] = []
  let olderOffsets: number[] = []

  const json = (response: ServerResponse, status: number, body: unknown, date: Date): void => {
    response.writeHead(status, { 'content-type': 'application/json', date: date.toUTCString() })
    response.end(JSON.stringify(body))
  }

  const read = (
    { url }: IncomingMessage,
    of: Orchard,
  ): Page & { readonly date: Date; readonly offsetMs: number } => {
    const { searchParams: query } = new URL(url ?? '/', 'http://x')
    const cursor = query.get('cursor') ?? undefined
    const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8')
    const limit = Number(query.get('limit') ?? 100)
    const page = of.page(query.get('changedSince') ?? undefined, after, limit)
    return { ...page, date: new Date(of.vendorNow()), offsetMs: of.offsetMs() }
  }

  /** What a poll was told that was begun anew since is not known to anybody. */
  const noteOffset = (offsetMs: number, asked: readonly number[]): void => {
    if (asked === offsets) offsets.push(offsetMs)
    else olderOffsets.push(offsetMs)
  }

  const answerPage = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (orchard === undefined) throw new Error('no orchard')
    pages += 1
    const first = read(request, orchard)
    const asked = offsets
    const fate = await onPage(pages)
    const { rows, next, date, offsetMs } = readsFirst ? first : read(request, orchard)
    noteOffset(offsetMs, asked)
    const more = { Next: next === null ? null : Buffer.from(next).toString('base64url') }
    if (fate === 'error') json(response, 500, { message: 'The orchard is closed.' }, date)
    else if (fate === 'limit') json(response, 429, { message: 'Too many baskets.' }, date)
    else if (isShown(fate)) json(response, 200, { ...shownRows[fate](rows), ...more }, date)
    else if (fate === 'not-json') response.writeHead(200, { date: date.toUTCString() }).end('{"Items":[')
    else {
      response.writeHead(200, { 'content-length': '1000', date: date.toUTCString() })
      response.write('{"Items":[', () => response.destroy())
    }
  }

  const server = createServer({ keepAlive: true }, (request, response) => {
    response.sendDate = false
    if (request.method === 'POST') {
      const token = { access_token: 'basket', refresh_token: 'tree', token_type: 'Bearer', expires_in: 9e6 }
      request.resume()
      json(response, 200, token, new Date())
    } else void answerPage(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on these rows are shown. */
    show: (next: Orchard): void => {
      orchard = next
    },
    /** Until it is told again. The requests are counted anew. */
    onPage: (next: OnPage, first = false): void => {
      onPage = next
      readsFirst = first
      pages = 0
    },
    /** By how much the clock was ahead, the least that was told to who asked since it was forgotten, if anybody did. */
    leastOffsetMs: (): number => Math.min(...(offsets.length > 0 ? offsets : olderOffsets)),
    forgetOffsets: (): void => {
      offsets = []
      olderOffsets = []
    },
    close: async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type OrchardVendor = Awaited<ReturnType<typeof startOrchardVendor>>
