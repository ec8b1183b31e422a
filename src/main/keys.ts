import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createVault, type EncryptionKey, parseEncryptionKeys, type Vault } from '#src/lib/secret.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { Store } from '#src/store/index.ts'
import type { Config } from './config.ts'

const canaryText = 'amalgam'
const canaryContext = (keyId: string): string => `encryption-key/${keyId}`

const readIfThere = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The key file appears whole or not at all; of two processes that start at once, one makes it. */
const makeKeyFile = async (path: string): Promise<string> => {
  const id = `k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`
  const text = `${id}:${randomBytes(32).toString('base64')}\n`
  const part = `${path}.${process.pid}.part`
  await writeFile(part, text, { mode: 0o600, flush: true })
  try {
    await link(part, path)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return await readFile(path, 'utf8')
  } finally {
    await rm(part, { force: true })
  }
}

/** A new key in place of a lost one would only hide that it is lost. */
const refuseLostFile = async (path: string, store: Store): Promise<void> => {
  const stored = await store.encryptionKeys.all()
  // Another process that starts at the same time may have made the file since; it does so before it stores.
  if (stored.length === 0 || (await readIfThere(path)) !== null) return
  const ids = stored.map(({ keyId }) => `'${keyId}'`).join(', ')
  throw new StartError(
    `${path} is missing, and what is stored was encrypted with the key ${ids}. Restore the file from a backup, or set ENCRYPTION_KEYS to that key, then start again.`,
  )
}

const loadKeys = async (config: Config, store: Store): Promise<readonly EncryptionKey[]> => {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys
  const path = join(config.dataDir, 'encryption.key')
  let text = await readIfThere(path)
  if (text === null) {
    await refuseLostFile(path, store)
    text = await makeKeyFile(path)
  }
  try {
    return parseEncryptionKeys(text.trim())
  } catch (error) {
    throw new StartError(`${path}: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

/**
 * The vault of ENCRYPTION_KEYS, or of the key file in the data folder, made when there is none and nothing is
 * stored yet.
 * @throws StartError naming the file that is lost or unreadable.
 */
export const openVault = async (config: Config, store: Store): Promise<Vault> =>
  createVault(await loadKeys(config, store))

/**
 * Proves that the keys open what is stored, before anything is served.
 * @throws StartError naming the key that is missing or wrong.
 */
export const checkKeys = async (store: Store, vault: Vault): Promise<void> => {
  const stored = await store.encryptionKeys.all()
  for (const { keyId, canary } of stored) {
    if (!vault.keyIds.includes(keyId)) {
      throw new StartError(
        `ENCRYPTION_KEYS: what is stored was encrypted with the key '${keyId}', which is not here. Add it to ENCRYPTION_KEYS (or restore encryption.key in the data folder), then start again.`,
      )
    }
    try {
      vault.open(canary, canaryContext(keyId))
    } catch {
      throw new StartError(
        `ENCRYPTION_KEYS: the key '${keyId}' is another one than what is stored was encrypted with. Restore the old key under this name.`,
      )
    }
  }
  if (stored.some(({ keyId }) => keyId === vault.currentKeyId)) return
  await store.encryptionKeys.add(
    vault.currentKeyId,
    vault.seal(canaryText, canaryContext(vault.currentKeyId)),
  )
}
