import { chown, mkdir, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartError } from '#src/lib/start-error.ts'

/** The user that PostgreSQL runs as. `ids` is absent when that is simply the user of this process. */
export interface Owner {
  readonly uid: number
  readonly ids?: { readonly uid: number; readonly gid: number }
}

/** `nobody` and `nogroup` on Linux. PostgreSQL refuses to run as root. */
const unprivileged = 65534

/**
 * Who runs PostgreSQL: this user; or, when that is root, the owner of the cluster that is there already,
 * else an unprivileged user.
 */
export const ownerOf = async (cluster: string): Promise<Owner> => {
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) return { uid }
  if (process.platform === 'darwin')
    throw new StartError('PostgreSQL does not run as root: start Amalgam as a normal user')
  const there = await stat(cluster).catch(() => undefined)
  if (there !== undefined && there.uid !== 0)
    return { uid: there.uid, ids: { uid: there.uid, gid: there.gid } }
  return { uid: unprivileged, ids: { uid: unprivileged, gid: unprivileged } }
}

/** Whether the owner may pass through `folder` and every folder above it. Access lists are not looked at. */
export const canEnter = async (folder: string, owner: Owner): Promise<boolean> => {
  if (owner.ids === undefined) return true
  for (let at = await realpath(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at)
    const bit = uid === owner.ids.uid ? 0o100 : gid === owner.ids.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}

/**
 * Makes `folder` (mode 0700, the owner's) or checks that the one there is the owner's and closed to
 * others: in a shared place such as the temporary folder somebody else could have made it first.
 */
export const privateFolder = async (folder: string, owner: Owner): Promise<void> => {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made !== undefined && owner.ids !== undefined) await chown(folder, owner.ids.uid, owner.ids.gid)
  const { uid, mode } = await stat(folder)
  // Root makes the folder in one step and gives it away in the next: killed between, it is still root's.
  if (uid === 0 && owner.ids !== undefined) return chown(folder, owner.ids.uid, owner.ids.gid)
  if (uid === owner.uid && (mode & 0o077) === 0) return
  throw new StartError(
    `${folder} belongs to user id ${uid} with mode ${(mode & 0o777).toString(8)}, PostgreSQL runs as user id ` +
      `${owner.uid} and needs mode 700: start Amalgam as the user that first started it, or set another DATA_DIR`,
  )
}
