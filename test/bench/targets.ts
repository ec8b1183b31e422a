import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, removeData } from '../support/program.ts'
import { nginxPath, startNginxProxy, startNginxVendor } from './nginx.ts'
import { makePayload } from './payload.ts'
import { nextMessage, type Started, startNode } from './processes.ts'
import { listPath, rowPath } from './upstream.ts'

/** Hub calls that are measured; the last two go through a script, which is given fields, or whole objects. */
export const pathNames = ['one', 'page', 'mapped', 'scripted', 'scripted-whole'] as const
export type PathName = (typeof pathNames)[number]

/** What is measured, and how it is asked. */
export interface Target {
  readonly name: 'nginx' | 'bare Node' | 'honest floor' | 'Amalgam'
  readonly pid: number
  readonly port: number
  readonly headers: Readonly<Record<string, string>>
  readonly paths: Readonly<Record<PathName, string>>
}

/** The product's counters since its start. */
export interface Counts {
  readonly statements: number
  /** Of these, the ones that wrote the request log. */
  readonly logWrites: number
  /** Requests that the vendor has answered. */
  readonly vendorCalls: number
}

/** All processes of a run, on free ports of loopback. */
export interface Field {
  /** Bare Node first: the others are told in ratios to it. */
  readonly targets: readonly Target[]
  readonly load: Started<unknown>
  readonly vendor: 'nginx, static files' | 'Node'
  readonly counts: () => Promise<Counts>
  readonly close: () => Promise<void>
}

const openFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-bench-'))
  // A server of another user than root's must be able to enter.
  await chmod(folder, 0o711)
  return folder
}

const sandboxFile = fileURLToPath(import.meta.resolve('../../sandbox/concur/main.js'))

const asked = async (port: number, path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text()

/** nginx's stub_status; the vendor on Node writes the same. */
const answeredBy = async (port: number): Promise<number> => {
  const text = await asked(port, '/bench/answered')
  return Number(/requests\s+\d+ \d+ (\d+)/.exec(text)?.[1])
}

interface Port {
  readonly port: number
}

/** Starts everything; `stops` collects how it ends, also when a start fails half way. */
const startField = async (folder: string, stops: (() => Promise<void>)[]): Promise<Omit<Field, 'close'>> => {
  const keep = <T>(started: Started<T>): Started<T> => {
    stops.push(started.stop)
    return started
  }
  const payload = makePayload()
  const sandbox = keep(await startNode<Port>('load', sandboxFile, ['--port', '0', '--reports', '100']))
  const sandboxPort = sandbox.told.port
  let vendorPort: number
  if (nginxPath === undefined) {
    vendorPort = keep(await startNode<Port>('load', 'node-vendor.js', [String(sandboxPort)])).told.port
  } else {
    vendorPort = await freePort()
    keep(await startNginxVendor(nginxPath, folder, payload, { own: vendorPort, sandbox: sandboxPort }))
  }
  const vendor = String(vendorPort)
  const page = `${listPath}?limit=100`
  const paths = { one: rowPath(payload.id), page, mapped: page, scripted: page, 'scripted-whole': page }
  const bare = keep(await startNode<Port>('measured', 'bare-proxy.js', [vendor]))
  const floor = keep(await startNode<Port>('measured', 'honest-floor.js', [vendor]))
  const dataDir = join(folder, 'data')
  stops.push(() => removeData({ DATA_DIR: dataDir }))
  const environment = { DATA_DIR: dataDir, SANDBOX_PORT: vendor, LOG_LEVEL: 'error' }
  const product = keep(
    await startNode<Port & { authorization: string }>('measured', 'product-process.js', [], environment),
  )
  const hub = '/elements/api-v2/hubs/expense'
  const pageOf = (resource: string) => `${hub}/${resource}?pageSize=100`
  const targets: Target[] = [
    { name: 'bare Node', pid: bare.pid, port: bare.told.port, headers: {}, paths },
    { name: 'honest floor', pid: floor.pid, port: floor.told.port, headers: {}, paths },
    {
      name: 'Amalgam',
      pid: product.pid,
      port: product.told.port,
      headers: { authorization: product.told.authorization },
      paths: {
        ...{ one: `${hub}/reports/${payload.id}`, page: pageOf('reports'), mapped: pageOf('mapped') },
        ...{ scripted: pageOf('scripted'), 'scripted-whole': pageOf('scripted-whole') },
      },
    },
  ]
  if (nginxPath !== undefined) {
    const own = await freePort()
    const { pid } = keep(await startNginxProxy(nginxPath, folder, { own, vendor: vendorPort }))
    targets.push({ name: 'nginx', pid, port: own, headers: {}, paths })
  }
  return {
    targets,
    load: keep(await startNode('load', 'load.js')),
    vendor: nginxPath === undefined ? 'Node' : 'nginx, static files',
    counts: async () => {
      const told = nextMessage<Omit<Counts, 'vendorCalls'>>(product.child)
      product.child.send('counts')
      return { ...(await told), vendorCalls: await answeredBy(vendorPort) }
    },
  }
}

/** Starts vendor, sandbox, yardsticks, product and load. @throws Error when one of them does not start. */
export const openField = async (): Promise<Field> => {
  const folder = await openFolder()
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop()
  }
  try {
    return { ...(await startField(folder, stops)), close }
  } catch (error) {
    await close()
    throw error
  }
}
