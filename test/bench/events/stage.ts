import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, removeData } from '../../support/program.ts'
import { nginxPath, startNginxReceiver } from '../nginx.ts'
import { familyCpuSeconds, nextMessage, type Started, serverPid, startNode } from '../processes.ts'

interface Port {
  readonly port: number
}

const sandboxFile = fileURLToPath(import.meta.resolve('../../../sandbox/concur/main.js'))
/** The row of the vendor changed before the pollers begin, and not so long before that they pass it over. */
const changedBeforeMs = 60_000

/** @throws Error when the process fails at it, ends, or is silent for so long. */
export const ask = async <T>({ child }: Started<unknown>, order: unknown, withinMs: number): Promise<T> => {
  const told = nextMessage<T>(child, withinMs)
  child.send(order as object)
  return told
}

/** The programs of the benchmark, all on the same cores. */
export interface Stage {
  readonly product: Started<unknown>
  /** Processes of the product that send, one a core; none where nothing is sent. */
  readonly senders: readonly Started<unknown>[]
  readonly vendor: Started<Port>
  /** Where callbacks go. */
  readonly receiver: { readonly port: number; readonly name: 'nginx' | 'Node' }
  /** Starts another address, as another customer's, which never answers. */
  readonly startDead: () => Promise<Started<Port>>
  readonly loop: Started<unknown>
  readonly databaseSeconds: () => Promise<number>
}

/** Starts them; `stops` collects how they end, also when a start fails half way. */
export const openStage = async (
  stops: (() => Promise<void>)[],
  { sends }: { readonly sends: boolean },
): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-bench-'))
  await chmod(folder, 0o711)
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const keep = <T>(started: Started<T>): Started<T> => {
    stops.push(started.stop)
    return started
  }
  const startReceiver = async (): Promise<Stage['receiver']> => {
    if (nginxPath === undefined)
      return { port: keep(await startNode<Port>('free', 'events/hook-receiver.js')).told.port, name: 'Node' }
    const port = await freePort()
    keep(await startNginxReceiver(nginxPath, folder, port))
    return { port, name: 'nginx' }
  }
  const sandbox = keep(await startNode<Port>('free', sandboxFile, ['--port', '0', '--reports', '100']))
  const changed = new Date(Date.now() - changedBeforeMs).toISOString().slice(0, 23)
  const vendor = keep(
    await startNode<Port>('free', 'events/poll-vendor.js', [String(sandbox.told.port), changed]),
  )
  const receiver = await startReceiver()
  const loop = keep(await startNode('free', 'events/hook-loop.js'))
  const dataDir = join(folder, 'data')
  stops.push(() => removeData({ DATA_DIR: dataDir }))
  const environment = {
    DATA_DIR: dataDir,
    SANDBOX_PORT: String(vendor.told.port),
    OUTBOUND_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'error',
  }
  const product = keep(await startNode('free', 'events/events-process.js', [], environment))
  const senders: Started<unknown>[] = []
  while (sends && senders.length < availableParallelism())
    senders.push(keep(await startNode('free', 'events/send-process.js', [], environment)))
  const databaseSeconds = async (): Promise<number> => familyCpuSeconds(await serverPid(dataDir))
  const startDead = async (): Promise<Started<Port>> =>
    keep(await startNode<Port>('free', 'events/hook-receiver.js'))
  return { product, senders, vendor, receiver, startDead, loop, databaseSeconds }
}
