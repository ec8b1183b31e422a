import { randomBytes } from 'node:crypto'
import { chown, link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type EncryptionKey, parseEncryptionKeys } from '#src/lib/secret.ts'
import { errorCode, StartError } from '#src/lib/start-error.ts'

/** Where the keys lie when ENCRYPTION_KEYS is not set. */
export const keyFilePath = (dataDir: string): string => join(dataDir, 'encryption.key')

/** The text of the key file, null when there is none. */
export const readKeyText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** @throws StartError naming the file and what is wrong in it, without a piece of a key. */
export const parseKeyText = (path: string, text: string): readonly EncryptionKey[] => {
  try {
    return parseEncryptionKeys(text.trim())
  } catch (error) {
    throw new StartError(`${path}: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

const keyText = (keys: readonly EncryptionKey[]): string =>
  `${keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',')}\n`

/** A new random key, named after the day, so that people can tell keys apart, and by chance, so that none returns. */
export const newKey = (takenIds: readonly string[]): EncryptionKey => {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  const id = `k${day}-${randomBytes(2).toString('hex')}`
  return takenIds.includes(id) ? newKey(takenIds) : { id, key: randomBytes(32) }
}

const writePart = async (path: string, keys: readonly EncryptionKey[]): Promise<string> => {
  const part = `${path}.${process.pid}.part`
  await writeFile(part, keyText(keys), { mode: 0o600, flush: true })
  return part
}

/** A name in a folder is on the disk only when the folder is. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The key file appears whole or not at all; of two processes that start at once, one makes it. */
export const makeKeyFile = async (path: string): Promise<string> => {
  const part = await writePart(path, [newKey([])])
  try {
    await link(part, path)
    await syncFolder(path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    await rm(part, { force: true })
  }
  return await readFile(path, 'utf8')
}

/** Puts other keys in the file, in one step; its owner stays, and nobody else may read it. */
export const replaceKeyFile = async (path: string, keys: readonly EncryptionKey[]): Promise<void> => {
  const { uid, gid } = await stat(path)
  const part = await writePart(path, keys)
  try {
    // Run by root, it must not take the file away from the user that the processes run as.
    if (process.getuid?.() === 0) await chown(part, uid, gid)
    await rename(part, path)
    await syncFolder(path)
  } finally {
    await rm(part, { force: true })
  }
}
