import { createHash, randomBytes } from 'node:crypto'
import { access, chown, link, mkdir, open, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
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
  /** DATA_DIR/postgres.location, written when the folder could not be in DATA_DIR. */
  readonly locationFile: string
  readonly elsewhere: boolean
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

const recordedFolder = async (locationFile: string): Promise<string | undefined> => {
  const text = (await readFile(locationFile, 'utf8').catch(() => '')).trim()
  if (!isAbsolute(text)) return undefined
  if (await exists(join(text, 'cluster'))) return text
  throw new StartError(
    `The database named in ${locationFile} (${text}) is gone: bring it back, or delete that file to begin with an empty one`,
  )
}

/** Root only: a place outside DATA_DIR that the unprivileged owner can enter. */
const folderElsewhere = async (dataDir: string, owner: Owner): Promise<string> => {
  const name = shortHash(dataDir)
  const preferred = '/var/lib/amalgam'
  const usable = await mkdir(preferred, { recursive: true, mode: 0o755 })
    .then(() => canEnter(preferred, owner))
    .catch(() => false)
  return usable ? join(preferred, name) : join(tmpdir(), `amalgam-${name}`)
}

const chooseFolder = async (dataDir: string, locationFile: string): Promise<string> => {
  const recorded = await recordedFolder(locationFile)
  if (recorded !== undefined) return recorded
  const inside = join(dataDir, 'postgres')
  if (await exists(join(inside, 'cluster'))) return inside
  const owner = await ownerOf(inside)
  return (await canEnter(dataDir, owner)) ? inside : folderElsewhere(dataDir, owner)
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
  const locationFile = join(dataDir, 'postgres.location')
  const folder = await chooseFolder(dataDir, locationFile)
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
    locationFile,
    elsewhere: folder !== join(dataDir, 'postgres'),
  }
}

/** Leaves word in DATA_DIR of a cluster that lies elsewhere. Only once it is whole, so that the word is true. */
export const recordLocation = async (home: Home): Promise<void> => {
  if (home.elsewhere) await writeFile(home.locationFile, `${home.folder}\n`)
}

/**
 * The password of the cluster, made on first use (mode 0600). Written whole and then linked into place, so
 * that two processes that start at once end up with the same one.
 */
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
  const making = join(home.folder, `${makingPrefix}password-${randomBytes(6).toString('hex')}`)
  const file = await open(making, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  if (home.owner.ids !== undefined) await chown(making, home.owner.ids.uid, home.owner.ids.gid)
  await link(making, home.passwordFile).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
  await rm(making, { force: true })
  return (await readFile(home.passwordFile, 'utf8')).trim()
}
