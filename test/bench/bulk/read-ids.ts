import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { listPath, openUpstream } from '../upstream.ts'
import type { Ids } from './order.ts'
import type { Note } from './watch.ts'

const createIds = (note: Note) => {
  const hash = createHash('sha256')
  let rows = 0
  return {
    add: (id: unknown): void => {
      hash.update(`${String(id)}\n`)
      rows += 1
      if (rows % 1_000 === 0) note(rows)
    },
    end: (): Ids => ({ rows, sha256: hash.digest('hex') }),
  }
}

interface Page {
  readonly Items: readonly { readonly ID: string }[]
  readonly NextPage: string | null
}

/**
 * The bare loop: every page of a vendor's reports, parsed and written as lines of JSON, and nothing else.
 * @param headers of a caller of the vendor's.
 */
export const walkVendor = async (
  port: number,
  headers: Readonly<Record<string, string>>,
  path: string,
): Promise<Ids> => {
  const pool = openUpstream(port)
  const file = createWriteStream(path)
  const ids = createIds(() => undefined)
  try {
    for (let next: string | null = `${listPath}?user=ALL&limit=100`; next !== null; ) {
      const reply = await pool.request({ path: next, method: 'GET', headers })
      if (reply.statusCode !== 200) throw new Error(`the sandbox answered ${reply.statusCode}`)
      const page = (await reply.body.json()) as Page
      let text = ''
      for (const row of page.Items) {
        ids.add(row.ID)
        text += `${JSON.stringify(row)}\n`
      }
      if (!file.write(text)) await once(file, 'drain')
      next = page.NextPage === null ? null : page.NextPage.slice(page.NextPage.indexOf(listPath))
    }
    file.end()
    await finished(file)
    return ids.end()
  } finally {
    file.destroy()
    await pool.close()
  }
}

/** Reads a file of a job as a client does, and the ids in it. @throws Error when it breaks off. */
export const readIds = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  format: 'text/csv' | 'application/json',
  note: Note,
): Promise<Ids> => {
  const ids = createIds(note)
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { ...headers, accept: format } }, resolve).on('error', reject)
  })
  if (reply.statusCode !== 200) throw new Error(`the file was answered with ${reply.statusCode}`)
  if (format === 'text/csv') {
    const add = new Writable({
      objectMode: true,
      write: (record: Record<string, string>, _encoding, done) => {
        ids.add(record['ID'])
        done()
      },
    })
    await pipeline(reply, parse({ columns: true }), add)
  } else for await (const line of createInterface({ input: reply })) ids.add(JSON.parse(line).ID)
  if (!reply.complete) throw new Error('the file broke off')
  return ids.end()
}
