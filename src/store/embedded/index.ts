// The PostgreSQL server that Amalgam brings along: where it lies, who runs it, start, adoption, stop.
// It starts and stops the server and makes an empty database; tables and statements stand elsewhere.
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { ensureCluster, knownCause, lastLine, superuser } from './cluster.ts'
import { type Home, openHome, readPassword, socketPort } from './home.ts'
import { databaseName, type Lease, takeLease } from './lease.ts'
import { type Child, clearStalePidFile, spawnPostmaster, stopPostmaster } from './postmaster.ts'

/** A running server and the right to use it. */
export interface EmbeddedServer {
  readonly connection: {
    /** Folder of the unix socket. */
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
    readonly database: string
  }
  /** True when the server was running already, started by a process that was killed or still runs. */
  readonly adopted: boolean
  /**
   * Gives the server up; call it after the last connection is closed. Stops the server unless another
   * process, or anybody's session, still uses it. Never throws.
   */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** DATA_DIR; the server lives in its folder `postgres`. */
  readonly dataDir: string
  /** Called at the beginning of each step that may take over a second. */
  readonly onProgress: (step: string) => void
  /** More PostgreSQL settings, for a server that this call starts; an adopted one keeps its own. */
  readonly settings?: Readonly<Record<string, string>>
}

interface Starting {
  readonly home: Home
  readonly password: string
  readonly settings: Readonly<Record<string, string>>
  readonly onProgress: (step: string) => void
}

/** How long a start is tried again while remains of a killed server are in the way. */
const retryMs = 15_000
/** How long a server may recover from a crash before we give up waiting. */
const recoveryMs = 10 * 60_000

const prepare = async ({ home, onProgress }: Starting): Promise<Binaries> => {
  const binaries = await findBinaries(home.folder, home.owner, onProgress)
  await ensureCluster(home, binaries, onProgress)
  return binaries
}

/** Decides what a postmaster that ended means: an error for good, or undefined to try again. */
const failureOf = async (child: Child, home: Home, triedForMs: number): Promise<StartError | undefined> => {
  const said = await child.said()
  const known = knownCause(said, home)
  if (known !== undefined) return known
  const inTheWay =
    /lock file .* already exists|is another postmaster|still in use|database system is shut down/i.test(said)
  if (triedForMs < retryMs && (inTheWay || triedForMs < 5000)) return undefined
  return new StartError(
    `The embedded PostgreSQL does not start (${lastLine(said) || child.ended()}): its log is ${home.logFile}`,
  )
}

interface BroughtUp {
  readonly lease: Lease
  readonly adopted: boolean
}

/** Starts postmasters, one at a time, while nothing answers. */
const createStarter = (starting: Starting) => {
  const { home } = starting
  const began = Date.now()
  let binaries: Binaries | undefined
  let child: Child | undefined
  return {
    /** Whether the server that answers now is the one started here. */
    isOurs: () => child !== undefined && child.ended() === undefined,
    triedForMs: () => Date.now() - began,
    /** Throws when the last one ended in a way that no retry mends. */
    look: async (): Promise<void> => {
      if (child?.ended() === undefined) return
      const failure = await failureOf(child, home, Date.now() - began)
      if (failure !== undefined) throw failure
      child = undefined
    },
    start: async (): Promise<void> => {
      if (child !== undefined) return
      binaries ??= await prepare(starting)
      await clearStalePidFile(home)
      child = await spawnPostmaster(home, binaries, starting.settings)
    },
  }
}

/**
 * Reaches the server of this home, starting it when there is none, and trying again after a crash.
 * An abort ends it, but not before a server that was started here can be reached: nobody else would stop it.
 */
const bringUp = async (starting: Starting, signal?: AbortSignal): Promise<BroughtUp> => {
  const { home, password } = starting
  const starter = createStarter(starting)
  while (starter.triedForMs() < recoveryMs) {
    const answer = await takeLease(home, password)
    if (answer.kind === 'up') return { lease: answer.lease, adopted: !starter.isOurs() }
    await starter.look()
    if (!starter.isOurs()) signal?.throwIfAborted()
    if (answer.kind === 'absent') await starter.start()
    await sleep(starter.triedForMs() < 2000 ? 20 : 200)
  }
  throw new StartError(`The embedded PostgreSQL is not ready after ten minutes: see its log ${home.logFile}`)
}

const diskError = (error: unknown, dataDir: string): unknown => {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StartError(
      `The disk that holds ${dataDir} is full: free some space, or set another DATA_DIR`,
      { cause: error },
    )
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new StartError(
      `DATA_DIR (${dataDir}) cannot be used (${code}): start as the user it belongs to, or set DATA_DIR to a folder that this user may write`,
      { cause: error },
    )
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StartError(`DATA_DIR (${dataDir}) is not a folder: set it to one`, { cause: error })
  return error
}

/**
 * Keeps the lease for as long as the server is wanted. If the server dies (killed for memory, say) it is
 * brought up again; the pool of the caller connects anew by itself.
 */
const keepUp = (starting: Starting, first: Lease) => {
  let lease: Lease | undefined = first
  let wanted = true
  const abort = new AbortController()
  const watch = async (): Promise<void> => {
    while (wanted) {
      await lease?.lost
      lease = undefined
      if (!wanted) return
      const again = await bringUp(starting, abort.signal).catch(() => undefined)
      lease = again?.lease
      if (lease === undefined)
        await sleep(2000, undefined, { signal: abort.signal, ref: false }).catch(() => undefined)
    }
  }
  const watching = watch()
  return async (): Promise<void> => {
    wanted = false
    abort.abort()
    // A server on its way up is waited for, so that it can be stopped.
    if (lease === undefined) await watching
    const isLast = (await lease?.isLast().catch(() => false)) === true
    if (isLast) await stopPostmaster(starting.home)
    await lease?.end()
    await watching
    // The server may have come back while we gave it up: a session of ours must not keep it.
    await lease?.end()
  }
}

/**
 * Starts the embedded PostgreSQL of a DATA_DIR, or adopts the one that runs there. As root it runs as an
 * unprivileged user. Only a unix socket, password by scram. Safe to call from two processes at once.
 * @throws StartError with one line that says what to do.
 */
export const startEmbeddedPostgres = async (options: EmbeddedOptions): Promise<EmbeddedServer> => {
  if (process.platform === 'win32')
    throw new StartError(
      'The embedded PostgreSQL runs on Linux and macOS: on Windows set DATABASE_URL, or use WSL',
    )
  try {
    const home = await openHome(options.dataDir)
    const password = await readPassword(home)
    const starting = { home, password, settings: options.settings ?? {}, onProgress: options.onProgress }
    const { lease, adopted } = await bringUp(starting)
    const giveUp = keepUp(starting, lease)
    let stopping: Promise<void> | undefined
    return {
      connection: {
        host: home.socketFolder,
        port: socketPort,
        user: superuser,
        password,
        database: databaseName,
      },
      adopted,
      stop: () => {
        stopping ??= giveUp()
        return stopping
      },
    }
  } catch (error) {
    throw diskError(error, options.dataDir)
  }
}
