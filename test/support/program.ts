import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** The built program, as `npm start` runs it. Built tests lie in `dist` themselves. */
const root = join(import.meta.dirname, '..', '..')
const bin = join(root.endsWith('dist') ? root : join(root, 'dist'), 'bin', 'amalgam.js')
const lastWords = 'Ctrl-C stops everything.'
const withinMs = 60_000

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly child: ChildProcess
  /** Resolves when the last line of the start is printed; what was printed until then. */
  readonly ready: Promise<string>
  readonly ended: Promise<Ended>
}

export interface StartOptions {
  /** What it prints when it is ready; the last words of a start with a sandbox unless said. */
  readonly readyWords?: string
  /** Where it is started; the data folder unless said. */
  readonly workingFolder?: string
  /** Of Node itself. */
  readonly nodeFlags?: readonly string[]
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A temporary folder that an unprivileged server may enter; else root's database would go elsewhere and stay. */
const openFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'amalgam-program-'))
  await chmod(folder, 0o711)
  folders.add(folder)
  return folder
}

/** A folder, two ports, and whatever else a program's environment says. */
export const programEnvironment = async (
  extra: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> => ({
  DATA_DIR: await openFolder(),
  PORT: String(await freePort()),
  // Another sandbox costs each of many starts as much as the first; the README's own run starts all.
  SANDBOX: 'first',
  SANDBOX_PORT: String(await freePort()),
  ...extra,
})

/** Runs the program with these arguments; nothing of this process's own configuration reaches it. */
export const startProgram = (
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  options: StartOptions = {},
): Program => {
  const {
    readyWords = lastWords,
    workingFolder = environment['DATA_DIR'] ?? tmpdir(),
    nodeFlags = [],
  } = options
  const child = spawn(process.execPath, [...nodeFlags, bin, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    cwd: workingFolder,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  child.stdin?.end()
  let stdout = ''
  let stderr = ''
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    running.delete(child)
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr }
  })
  const ready = new Promise<string>((resolve, reject) => {
    const timer = globalThis.setTimeout(
      () => reject(new Error(`not ready in ${withinMs} ms: ${stdout}${stderr}`)),
      withinMs,
    )
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
      if (!stdout.includes(readyWords)) return
      clearTimeout(timer)
      resolve(stdout)
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8')
    })
    void ended.then(({ code }) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}: ${stdout}${stderr}`))
    })
  })
  // A program that is meant to fail is awaited by `ended` alone.
  ready.catch(() => undefined)
  return { child, ready, ended }
}

/** Ends it as Ctrl-C does. */
export const interrupt = async (program: Program): Promise<Ended> => {
  program.child.kill('SIGINT')
  return program.ended
}

/** The names and values of `credentials.sh`. */
export const credentialsOf = async (
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, string>> => {
  const text = await readFile(join(environment['DATA_DIR'] ?? '', 'credentials.sh'), 'utf8')
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
  )
}

/** The database server of a data folder, where one still runs. */
const serverOf = async (folder: string): Promise<number | undefined> => {
  const lock = join(folder, 'postgres', 'cluster', 'postmaster.pid')
  const pid = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10)
  return pid > 0 ? pid : undefined
}

/** The server outlives a killed program: it is ended before its files go. Gives whether there was one. */
const endServer = async (folder: string): Promise<boolean> => {
  const pid = await serverOf(folder)
  if (pid === undefined) return false
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    return false
  }
  const deadline = Date.now() + 10_000
  while ((await serverOf(folder)) === pid && Date.now() < deadline) await setTimeout(20)
  return true
}

/** Ends the server of the folder, and removes the folder. A stopped program has left neither server nor place. */
export const removeData = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  const folder = environment['DATA_DIR'] ?? ''
  const left = await endServer(folder)
  const elsewhere = await readFile(join(folder, 'postgres.location'), 'utf8').catch(() => undefined)
  if (elsewhere !== undefined) await rm(elsewhere.trim(), { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  folders.delete(folder)
  if (left) throw new Error(`A database server was left running in ${folder}`)
}

/** For the end of a file of tests: nothing stays, even when a test failed half way. */
export const removeAllData = async (): Promise<void> => {
  for (const child of running) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  for (const folder of folders) {
    await endServer(folder)
    await removeData({ DATA_DIR: folder })
  }
}
