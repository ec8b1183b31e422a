import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import type { Binaries } from './binaries.ts'
import { type Home, makingPrefix } from './home.ts'

export const superuser = 'amalgam'

/** The environment of every PostgreSQL program: none of the caller's PG* or locale settings reach it. */
export const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** What a killed process left unfinished is taken away once nobody can be working on it any more. */
const abandonedAfterMs = 10 * 60_000

const removeAbandoned = async (home: Home): Promise<void> => {
  for (const name of await readdir(home.folder)) {
    if (!name.startsWith(makingPrefix)) continue
    const path = join(home.folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** The end of what a PostgreSQL program said, as the reason in a one-line message. */
export const lastLine = (output: string): string => {
  const lines = output.split('\n').filter((line) => /error|fatal|panic|could not/i.test(line))
  return (lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '').trim()
}

/** The StartError for what a PostgreSQL program said, when the cause is a known one. */
export const knownCause = (output: string, home: Home): StartError | undefined => {
  if (/No space left on device|Disk quota exceeded/.test(output))
    return new StartError(
      `The disk that holds ${home.folder} is full: free some space, or set another DATA_DIR`,
    )
  if (/Permission denied|Read-only file system/.test(output))
    return new StartError(
      `PostgreSQL may not write to ${home.folder} (${lastLine(output)}): give it to user id ${home.owner.uid}, or set another DATA_DIR`,
    )
  return undefined
}

const initdb = (home: Home, binaries: Binaries, target: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const given = [
      ...['-D', target, '-U', superuser, `--pwfile=${home.passwordFile}`],
      ...['--auth-local=scram-sha-256', '--auth-host=scram-sha-256', '--encoding=UTF8'],
      // The built-in locale sorts by code point on every machine: no index depends on the system's tables.
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ]
    const child = spawn(join(binaries.folder, 'bin', 'initdb'), given, {
      ...home.owner.ids,
      cwd: home.folder,
      env: cleanEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve()
      reject(
        knownCause(output, home) ??
          new StartError(
            `The database could not be created (initdb: ${lastLine(output)}, ${signal ?? `exit ${code}`})`,
          ),
      )
    })
  })

const makeCluster = async (home: Home, binaries: Binaries): Promise<void> => {
  const target = join(home.folder, `${makingPrefix}cluster-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(target, { mode: 0o700 })
    if (home.owner.ids !== undefined) await chown(target, home.owner.ids.uid, home.owner.ids.gid)
    await initdb(home, binaries, target)
    await rename(target, home.cluster).catch((error: unknown) => {
      // Another process that started at the same time was first; its cluster has the same password.
      const code = errorCode(error)
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    })
    await syncFolder(home.folder)
  } finally {
    await rm(target, { recursive: true, force: true })
  }
}

/**
 * Makes the cluster on the first start. It is made aside and renamed into place, so `cluster/` is either
 * whole or absent, whenever the process is killed. Throws StartError when a cluster of another major
 * version is there.
 */
export const ensureCluster = async (
  home: Home,
  binaries: Binaries,
  onProgress: (step: string) => void,
): Promise<void> => {
  await removeAbandoned(home)
  const absent = await access(home.cluster).then(
    () => false,
    () => true,
  )
  if (absent) {
    onProgress('creating the database (first start only)')
    await makeCluster(home, binaries)
  }
  const version = Number((await readFile(join(home.cluster, 'PG_VERSION'), 'utf8')).trim())
  if (version === binaries.majorVersion) return
  throw new StartError(
    `The data in ${home.cluster} is of PostgreSQL ${version}, this Amalgam brings ${binaries.majorVersion}: ` +
      'export it with pg_dump of the version that wrote it, or start that Amalgam',
  )
}
