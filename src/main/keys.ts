import { createVault, type EncryptionKey, type Vault } from '#src/lib/secret.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { SealedCount, Store } from '#src/store/index.ts'
import type { Config } from './config.ts'
import { keyFilePath, makeKeyFile, parseKeyText, readKeyText } from './key-file.ts'

const canaryText = 'amalgam'
const canaryContext = (keyId: string): string => `encryption-key/${keyId}`

/** `grants 3, users 2`: where values lie, and how many; empty when there are none. */
export const placesOf = (counts: readonly SealedCount[]): string => {
  const byTable = new Map<string, number>()
  for (const { table, count } of counts) byTable.set(table, (byTable.get(table) ?? 0) + count)
  return [...byTable].map(([table, count]) => `${table} ${count}`).join(', ')
}

const quoted = (ids: readonly string[]): string => ids.map((id) => `'${id}'`).join(', ')

/** A new key in place of a lost one would only hide that it is lost. */
const refuseLostFile = async (path: string, store: Store): Promise<void> => {
  const stored = await store.encryptionKeys.all()
  // Another process that starts at the same time may have made the file since; it does so before it stores.
  if (stored.length === 0 || (await readKeyText(path)) !== null) return
  const places = placesOf(await store.sealed.counts())
  const needing = places === '' ? '' : ` (${places})`
  throw new StartError(
    `${path} is missing, and what is stored was encrypted with the key ${quoted(stored.map(({ keyId }) => keyId))}${needing}. Restore the file from a backup, or set ENCRYPTION_KEYS to that key, then start again.`,
  )
}

/**
 * The keys of ENCRYPTION_KEYS, or of the key file in the data folder, made when there is none and nothing is
 * stored yet. The first seals.
 * @throws StartError naming the file that is lost or unreadable.
 */
export const loadKeys = async (config: Config, store: Store): Promise<readonly EncryptionKey[]> => {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys
  const path = keyFilePath(config.dataDir)
  let text = await readKeyText(path)
  if (text === null) {
    await refuseLostFile(path, store)
    text = await makeKeyFile(path)
  }
  return parseKeyText(path, text)
}

/** The vault of `loadKeys`. */
export const openVault = async (config: Config, store: Store): Promise<Vault> =>
  createVault(await loadKeys(config, store))

const checkCanary = (vault: Vault, { keyId, canary }: { keyId: string; canary: Buffer }): void => {
  try {
    vault.open(canary, canaryContext(keyId))
  } catch {
    throw new StartError(
      `ENCRYPTION_KEYS: the key '${keyId}' is another one than what is stored was encrypted with. Restore the old key under this name.`,
    )
  }
}

/** A key that opens nothing any more may be absent; one that is needed may not. */
const checkMissing = async (store: Store, missing: readonly string[]): Promise<void> => {
  if (missing.length === 0) return
  const needed = (await store.sealed.counts()).filter(({ keyId }) => missing.includes(keyId))
  if (needed.length === 0) {
    for (const keyId of missing) await store.encryptionKeys.remove(keyId)
    return
  }
  const ids = [...new Set(needed.map(({ keyId }) => keyId))]
  throw new StartError(
    `ENCRYPTION_KEYS: what is stored was encrypted with the key ${quoted(ids)}, which is not here (${placesOf(needed)}). Add it to ENCRYPTION_KEYS (or restore encryption.key in the data folder), then start again.`,
  )
}

/**
 * Proves that the keys open what is stored, before anything is served. A new first key is taken in.
 * @throws StartError naming the key that is missing or wrong, and what needs it.
 */
export const checkKeys = async (store: Store, vault: Vault): Promise<void> => {
  const stored = await store.encryptionKeys.all()
  const known = stored.filter(({ keyId }) => vault.keyIds.includes(keyId))
  for (const one of known) checkCanary(vault, one)
  await checkMissing(
    store,
    stored.filter((one) => !known.includes(one)).map(({ keyId }) => keyId),
  )
  const { currentKeyId } = vault
  if (known.some(({ keyId }) => keyId === currentKeyId)) return
  await store.encryptionKeys.add(currentKeyId, vault.seal(canaryText, canaryContext(currentKeyId)))
  // Another process may have been first, with another key of the same name.
  const first = (await store.encryptionKeys.all()).find(({ keyId }) => keyId === currentKeyId)
  if (first !== undefined) checkCanary(vault, first)
}
