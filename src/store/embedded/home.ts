import { createHash, randomBytes } from 'node:crypto'
import { access, chown, link, mkdir, open, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import { canEnter, type Owner, ownerOf, privateFolder } from './owner.ts'

/** Where everything of one embedded server lies. */
export interface Home {
  readonly owner: Owner
  /** Mode 0700 and the owner's; holds all below but, at need, the socket. */
  readonly folder: string
  readonly cluster: string
  readonly passwordFile: string
  readonly logFile: string
  readonly socketFolder: string
}

/** The one port number in the socket's file name; nothing listens on TCP. */
export const socketPort = 5432

/** Begins the name of everything in a home that is made aside, to be renamed into place once it is whole. */
export const makingPrefix = 'making-'

/** `sun_path` holds 108 bytes on Linux, 104 on macOS, with a zero byte at the end (unix(7), unix(4)). */
const socketPathBytes = process.platform === 'darwin' ? 103 : 107

const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/**
 * Writes a file (mode 0600) unless it is there, whole or not at all, and gives what it holds: two processes
 * that start at once end up with the same.
 */
const writeOnce = async (path: string, text: string, owner?: Owner): Promise<string> => {
  const making = join(dirname(path), `${makingPrefix}${basename(path)}-${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(making, 'wx', 0o600)
    await file
      .writeFile(`${text}\n`)
      .then(() => file.sync())
      .finally(() => file.close())
    if (owner?.ids !== undefined) await chown(making, owner.ids.uid, owner.ids.gid)
    await link(making, path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
  } finally {
    await rm(making, { force: true })
  }
  return (await readFile(path, 'utf8')).trim()
}

const recordedFolder = async (locationFile: string): Promise<string | undefined> => {
  const text = (await readFile(locationFile, 'utf8').catch(() => '')).trim()
  if (!isAbsolute(text)) return undefined
  if (await exists(text)) return text
  throw new StartError(
    `The database named in ${locationFile} (${text}) is gone: bring it back, or delete that file to begin with an empty one`,
  )
}

/**
 * Root only: makes a place outside DATA_DIR that the unprivileged owner can enter, and leaves word of it.
 * Its name is new each time, so that a deleted DATA_DIR begins anew instead of finding its old database.
 */
const folderElsewhere = async (dataDir: string, locationFile: string, owner: Owner): Promise<string> => {
  const name = `${shortHash(dataDir)}-${randomBytes(3).toString('hex')}`
  const preferred = '/var/lib/amalgam'
  const usable = await mkdir(preferred, { recursive: true, mode: 0o755 })
    .then(() => canEnter(preferred, owner))
    .catch(() => false)
  const folder = usable ? join(preferred, name) : join(tmpdir(), `amalgam-${name}`)
  await privateFolder(folder, owner)
  await writeFile(join(folder, 'data-dir'), `${dataDir}\n`)
  const recorded = await writeOnce(locationFile, folder)
  if (recorded !== folder) await rm(folder, { recursive: true })
  return recorded
}

const chooseFolder = async (dataDir: string): Promise<string> => {
  const locationFile = join(dataDir, 'postgres.location')
  const recorded = await recordedFolder(locationFile)
  if (recorded !== undefined) return recorded
  const inside = join(dataDir, 'postgres')
  if (await exists(join(inside, 'cluster'))) return inside
  const owner = await ownerOf(inside)
  return (await canEnter(dataDir, owner)) ? inside : folderElsewhere(dataDir, locationFile, owner)
}

const socketFolderFor = async (folder: string, owner: Owner): Promise<string> => {
  const longest = join(folder, `.s.PGSQL.${socketPort}.lock`)
  if (Buffer.byteLength(longest) <= socketPathBytes) return folder
  const short = join(tmpdir(), `amalgam-${owner.uid}-${shortHash(folder)}`)
  await privateFolder(short, owner)
  return short
}

/**
 * Decides where cluster, password, log and socket of a DATA_DIR lie and makes the folders.
 * The choice is the same on each start: what is there already wins.
 */
export const openHome = async (givenDataDir: string): Promise<Home> => {
  const isRoot = process.getuid?.() === 0
  // The unprivileged user must pass through; the files of DATA_DIR guard themselves with mode 0600.
  await mkdir(givenDataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 })
  const dataDir = await realpath(givenDataDir)
  const folder = await chooseFolder(dataDir)
  const cluster = join(folder, 'cluster')
  const owner = await ownerOf(cluster)
  await privateFolder(folder, owner)
  return {
    owner,
    folder,
    cluster,
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'postgres.log'),
    socketFolder: await socketFolderFor(folder, owner),
  }
}

/** The password of the cluster, made on first use. */
export const readPassword = async (home: Home): Promise<string> => {
  const there = await readFile(home.passwordFile, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (there !== undefined) return there.trim()
  if (await exists(home.cluster))
    throw new StartError(
      `${home.passwordFile} is missing, so the database beside it cannot be opened: bring the file back from a backup`,
    )
  return writeOnce(home.passwordFile, randomBytes(32).toString('base64url'), home.owner)
}
