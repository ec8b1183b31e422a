import { spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { cleanEnvironment } from './cluster.ts'
import { type Home, socketPort } from './home.ts'

/**
 * Megabytes for pages in use, taken as they are needed: a sixteenth of the machine's or container's memory, from 64 to 256.
 * With 64 deliveries of a busy hub no longer fit, and cost a tenth more (docs/benchmarks.md).
 */
const sharedBuffersMb = (): number => {
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY
  const megabytes = Math.min(totalmem(), constrained) / 2 ** 20
  return Math.round(Math.min(Math.max(megabytes / 16, 64), 256))
}

const defaults: Readonly<Record<string, string>> = {
  // Only the unix socket: no port that could clash or be reached from outside.
  listen_addresses: '',
  port: String(socketPort),
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: `${sharedBuffersMb()}MB`,
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log names errors but not the rows or statements they came from: those hold customers' data.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

const logLimitBytes = 10 * 1024 * 1024

/** A postmaster that this process started. */
export interface Child {
  /** Undefined while it runs. */
  readonly ended: () => string | undefined
  /** What it has said since it was started. */
  readonly said: () => Promise<string>
}

const openLog = async (path: string): Promise<{ handle: Awaited<ReturnType<typeof open>>; size: number }> => {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > logLimitBytes) await rename(path, `${path}.1`)
  return { handle: await open(path, 'a', 0o600), size: size > logLimitBytes ? 0 : size }
}

const readFrom = async (path: string, start: number): Promise<string> =>
  (await readFile(path).catch(() => Buffer.alloc(0))).subarray(start).toString()

/** As one item of a list setting: a bare comma would part it in two (PostgreSQL, unix_socket_directories). */
const quoted = (folder: string): string => `"${folder.replaceAll('"', '""')}"`

/**
 * Starts a postmaster in a process group of its own, so that neither Ctrl-C nor the end of this process
 * takes it down unasked. Its words go to the log file.
 */
export const spawnPostmaster = async (
  home: Home,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
): Promise<Child> => {
  const log = await openLog(home.logFile)
  const options = Object.entries({ ...defaults, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  let ended: string | undefined
  try {
    const child = spawn(
      join(binaries.folder, 'bin', 'postgres'),
      ['-D', home.cluster, '-k', quoted(home.socketFolder), ...options],
      {
        ...home.owner.ids,
        cwd: home.folder,
        env: cleanEnvironment,
        detached: true,
        stdio: ['ignore', log.handle.fd, log.handle.fd],
      },
    )
    child.on('error', (error) => {
      ended = error.message
    })
    child.on('exit', (code, signal) => {
      ended = signal ?? `exit ${code}`
    })
    child.unref()
  } finally {
    await log.handle.close()
  }
  return { ended: () => ended, said: () => readFrom(home.logFile, log.size) }
}

const pidFile = (home: Home): string => join(home.cluster, 'postmaster.pid')

/** The process id in `postmaster.pid` (its first line), or undefined. */
const recordedPid = async (home: Home): Promise<number | undefined> => {
  const text = await readFile(pidFile(home), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 0 ? pid : undefined
}

const answersSignals = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Whether `pid` is a living PostgreSQL. A killed postmaster stays a zombie until its parent collects it, and
 * after a restart of the machine or container its number may belong to something else; Linux tells both apart
 * (proc_pid_stat(5)). Elsewhere any living process counts.
 */
const isPostgres = async (pid: number): Promise<boolean> => {
  if (process.platform !== 'linux') return answersSignals(pid)
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const state = line.slice(line.lastIndexOf(')') + 2, line.lastIndexOf(')') + 3)
  return line.includes('(postgres)') && state !== 'Z' && state !== 'X'
}

/**
 * Takes away a `postmaster.pid` whose process is certainly no PostgreSQL any more: PostgreSQL itself would
 * refuse to start while any process has that number. Two servers on one cluster stay impossible without the
 * file, for PostgreSQL also finds the shared memory of a living one by the inode of the cluster.
 */
export const clearStalePidFile = async (home: Home): Promise<void> => {
  if (process.platform !== 'linux') return
  const pid = await recordedPid(home)
  if (pid !== undefined && !(await isPostgres(pid))) await rm(pidFile(home), { force: true })
}

const waitForEnd = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const deadline = Date.now() + timeoutMs
  while (await isPostgres(pid)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Fast shutdown (SIGINT); if that takes over 6 s, immediate shutdown (SIGQUIT), mended at the next start. */
export const stopPostmaster = async (home: Home): Promise<void> => {
  const pid = await recordedPid(home)
  if (pid === undefined || !(await isPostgres(pid))) return
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    if (await waitForEnd(pid, signal === 'SIGINT' ? 6000 : 2000)) return
  }
}
