import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { vendorAt } from '../../proofs/support/vendor.ts'
import { ask, hub, platform } from '../../support/client.ts'
import { howStarted } from '../../support/how-started.ts'
import {
  credentialsOf,
  interrupt,
  type Program,
  programEnvironment,
  removeData,
  startProgram,
} from '../../support/program.ts'
import { familyCpuSeconds, nextMessage, type Started, serverPid, startNode } from '../processes.ts'
import type { Made, Part } from './order.ts'
import type { Note } from './watch.ts'

interface Port {
  readonly port: number
}

const sandboxFile = fileURLToPath(import.meta.resolve('../../../sandbox/concur/main.js'))
const readyWords = { serve: 'Amalgam listens at', work: 'The worker runs.' } as const
const lookEveryMs = 500
const withinMs = 3_600_000
const asProduct = { serve: howStarted(['serve']), work: howStarted(['work']) } as const

/** `BENCH_PROFILE=work` or `serve` writes a CPU profile of that process to .cache/profile when it ends. */
const nodeFlags = (part: Part): readonly string[] => [
  ...asProduct[part].flags,
  ...(process.env['BENCH_PROFILE'] === part
    ? ['--cpu-prof', `--cpu-prof-dir=${join(process.cwd(), '.cache', 'profile')}`]
    : []),
]

export type BulkStage = Awaited<ReturnType<typeof openStage>>

type Stops = (() => Promise<void>)[]

const startStage = async (reports: number, stops: Stops) => {
  const keep = <T>(started: Started<T>): Started<T> => {
    stops.push(started.stop)
    return started
  }
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-bench-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const sandboxArgs = ['--port', '0', '--reports', String(reports)]
  const sandbox = keep(await startNode<Port>('free', sandboxFile, sandboxArgs))
  const vendor = keep(await startNode<Port>('free', 'bulk/bulk-vendor.js', [String(sandbox.told.port)]))
  const environment = await programEnvironment({
    ...{ SANDBOX_PORT: String(vendor.told.port), LOG_LEVEL: 'error', BULK_RETENTION_DAYS: '1' },
    UV_THREADPOOL_SIZE: asProduct.work.threads,
  })
  stops.push(() => removeData(environment))
  const start = async (part: Part): Promise<Program> => {
    const program = startProgram(environment, [part], {
      readyWords: readyWords[part],
      nodeFlags: nodeFlags(part),
    })
    stops.push(async () => {
      await interrupt(program)
    })
    await program.ready
    return program
  }
  const serve = await start('serve')
  const work = await start('work')
  const url = `http://127.0.0.1:${environment['PORT']}/elements/api-v2`
  const words = await credentialsOf(environment)
  const member = {
    ...{ email: words['AMALGAM_EMAIL'] ?? '', password: words['AMALGAM_PASSWORD'] ?? '' },
    ...{ user: words['AMALGAM_USER'] ?? '', organization: words['AMALGAM_ORGANIZATION'] ?? '' },
  }
  const operator = vendorAt(sandbox.told.port)
  const made = await ask(`${url}/instances`, {
    headers: platform(member),
    body: await vendorAt(vendor.told.port).newInstance('oauth2', 'Bulk'),
  })
  if (made.status !== 200) throw new Error(`the instance could not be made: ${made.text}`)
  return {
    folder,
    vendor,
    sandboxPort: sandbox.told.port,
    caller: operator.caller,
    dataDir: environment['DATA_DIR'] ?? '',
    pids: { serve: serve.child.pid ?? 0, work: work.child.pid ?? 0 },
    base: `${url}/hubs/expense/bulk`,
    headers: hub(member, String(made.json.token)),
  }
}

/** The product as it runs on a server: API and worker are processes of their own. @param reports of the sandbox. */
export const openStage = async (reports: number) => {
  const stops: Stops = []
  const close = async (): Promise<void> => {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop()
  }
  try {
    const stage = await startStage(reports, stops)
    const { base, headers, vendor } = stage

    const tell = async (order: object): Promise<Made> => {
      const told = nextMessage<Made>(vendor.child)
      vendor.child.send(order)
      return told
    }

    return {
      ...stage,
      databaseSeconds: async (): Promise<number> => familyCpuSeconds(await serverPid(stage.dataDir)),
      fileUrl: (id: string): string => `${base}/${id}/reports`,
      /** So many rows are about to be made. */
      expect: (rows: number): Promise<Made> => tell({ rows }),
      made: (): Promise<Made> => tell({}),
      query: async (q: string): Promise<string> => {
        const answer = await ask(`${base}/query`, { method: 'POST', headers, query: { q } })
        if (answer.status !== 200) throw new Error(answer.text)
        return answer.json.id
      },
      /** Sends a file of rows. @returns the id of its job. */
      upload: async (path: string): Promise<string> => {
        const length = (await stat(path)).size
        const text = await new Promise<string>((resolve, reject) => {
          const call = request(
            `${base}/reports`,
            { method: 'POST', headers: { ...headers, 'content-type': 'text/csv', 'content-length': length } },
            (reply) => {
              let body = ''
              reply.on('data', (chunk: Buffer) => {
                body += chunk.toString('utf8')
              })
              reply.on('end', () => resolve(body))
              reply.on('error', reject)
            },
          )
          call.on('error', reject)
          createReadStream(path).pipe(call)
        })
        const { id } = JSON.parse(text) as { id?: string }
        if (id === undefined) throw new Error(`the upload was answered: ${text}`)
        return id
      },
      /** Waits until a job is done. @throws Error when it is not COMPLETED with so many rows, none of them failed. */
      ended: async (id: string, rows: number, note: Note): Promise<void> => {
        for (const endsAt = Date.now() + withinMs; Date.now() < endsAt; await sleep(lookEveryMs)) {
          const { json, status, text } = await ask(`${base}/${id}/status`, { headers })
          if (status !== 200) throw new Error(text)
          note(json.recordsCount)
          if (!['COMPLETED', 'ABORTED', 'CANCELLED'].includes(json.status)) continue
          if (json.status === 'COMPLETED' && json.recordsCount === rows && json.recordsFailedCount === 0)
            return
          throw new Error(`the job ended with ${text}`)
        }
        throw new Error(`bulk job ${id} does not end`)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
