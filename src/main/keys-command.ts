import { StartError } from '#src/lib/start-error.ts'
import { createKeyRotation } from '#src/services/index.ts'
import type { SealedCount } from '#src/store/index.ts'
import { openStorage } from './context.ts'
import { keyFilePath, newKey, replaceKeyFile } from './key-file.ts'
import { checkKeys, loadKeys, placesOf } from './keys.ts'
import { createProgress } from './progress.ts'
import type { RunInput } from './run.ts'

type Storage = Awaited<ReturnType<typeof openStorage>>
type KeysRun = (input: RunInput, storage: Storage) => Promise<string>

const everyMs = 1_000

const total = (counts: readonly SealedCount[]): number => counts.reduce((sum, { count }) => sum + count, 0)

const withKey = (counts: readonly SealedCount[], keyId: string): readonly SealedCount[] =>
  counts.filter((one) => one.keyId === keyId)

const idsIn = (counts: readonly SealedCount[]): readonly string[] => [
  ...new Set(counts.map(({ keyId }) => keyId)),
]

/** What a key is to this installation, in words. */
const stateOf = (keyId: string, { vault }: Storage, used: readonly SealedCount[]): string => {
  if (keyId === vault.currentKeyId) return 'first: seals what is new'
  if (keyId === '') return `no sealed values (${placesOf(used)}): restore these rows from a backup`
  if (!vault.keyIds.includes(keyId)) return `MISSING, needed by ${placesOf(used)}: add it again`
  return used.length > 0 ? `needed by ${placesOf(used)}: run amalgam keys rotate` : 'not needed any more'
}

/** `keys status`. */
const status: KeysRun = async (_input, storage) => {
  const counts = await createKeyRotation(storage).counts()
  const ids = [...new Set([...storage.vault.keyIds, ...idsIn(counts)])]
  const lines = ids.map((id) => {
    const used = withKey(counts, id)
    return `${(id === '' ? '-' : id).padEnd(34)}${String(total(used)).padStart(9)}  ${stateOf(id, storage, used)}`
  })
  return `${'key'.padEnd(34)}${'values'.padStart(9)}  state\n${lines.join('\n')}\n`
}

const sayOften = (say: (text: string) => void): ((line: string) => void) => {
  let saidAtMs = Number.NEGATIVE_INFINITY
  return (line) => {
    if (Date.now() - saidAtMs < everyMs) return
    saidAtMs = Date.now()
    say(line)
  }
}

/** Why values stayed under other keys, one sentence a reason. */
const whyLeft = (left: readonly SealedCount[], { vault }: Storage, damaged: readonly string[]): string[] => {
  const missing = left.filter(({ keyId }) => keyId !== '' && !vault.keyIds.includes(keyId))
  const foreign = withKey(left, '')
  const old = left.filter(({ keyId }) => vault.keyIds.includes(keyId))
  return [
    ...idsIn(missing).map((id) => {
      const places = placesOf(withKey(missing, id))
      return `The key '${id}' is missing: ${places} stay as they are, and open again once it is added again.`
    }),
    ...(foreign.length === 0 ? [] : [`No sealed values: ${placesOf(foreign)}. Restore them from a backup.`]),
    ...(damaged.length === 0
      ? []
      : [`These do not open with the key that they name: ${damaged.slice(0, 20).join(', ')}.`]),
    ...(total(old) <= damaged.length
      ? []
      : [
          `Something still seals with ${idsIn(old).join(', ')} (${placesOf(old)}): restart every process that has another first key, then rotate again.`,
        ]),
  ]
}

/** `keys rotate`: fails unless everything is under the first key at its end. */
const rotate: KeysRun = async ({ say, stopping }, storage) => {
  const { store, vault } = storage
  await checkKeys(store, vault)
  const rotation = createKeyRotation(storage)
  const sayProgress = sayOften(say)
  const end = await rotation.rotate({
    signal: stopping,
    onProgress: ({ table, done, left }) => sayProgress(`${table}: ${done} done, ${left} left\n`),
  })
  if (end.stopped) {
    throw new StartError(
      `Stopped: ${end.resealed} done, ${total(end.left)} left. Run amalgam keys rotate again to go on.`,
    )
  }
  const why = whyLeft(end.left, storage, end.damaged)
  if (why.length > 0) throw new StartError(`${end.resealed} done.\n${why.join('\n')}`)
  // Since the last look somebody may have sealed with an old key: whoever removes one looks again.
  const used = idsIn(await store.sealed.counts())
  const idle = vault.keyIds.filter((id) => id !== vault.currentKeyId && !used.includes(id))
  const next =
    idle.length === 0
      ? ''
      : `No longer needed: ${idle.join(', ')}. Take away with: ${idle.map((id) => `amalgam keys remove ${id}`).join('; ')}\n`
  return `${end.resealed} done: everything is sealed with '${vault.currentKeyId}'.\n${next}`
}

const addToEnvironment = (): StartError =>
  new StartError(
    'ENCRYPTION_KEYS is set, so the key file is not used. Make a key with: openssl rand -base64 32. Write it as NAME:KEY, with a new name, behind the others of ENCRYPTION_KEYS and restart every process; then put it first and restart every process again; then run amalgam keys rotate.',
  )

/** `keys add`. */
const add: KeysRun = async ({ config }, { store, vault }) => {
  await checkKeys(store, vault)
  const path = keyFilePath(config.dataDir)
  const made = await store.transaction(async (inside) => {
    await inside.encryptionKeys.lock()
    const keys = await loadKeys(config, store)
    const stored = await store.encryptionKeys.all()
    const key = newKey([...keys.map(({ id }) => id), ...stored.map(({ keyId }) => keyId)])
    await replaceKeyFile(path, [key, ...keys])
    return key
  })
  return `The new first key '${made.id}' stands in ${path}. Back the file up. Restart every process that uses it, then run amalgam keys rotate.\n`
}

const refuseRemoval = (id: string, { vault }: Storage, counts: readonly SealedCount[]): void => {
  if (!vault.keyIds.includes(id)) {
    throw new StartError(`ID: there is no key '${id}' here. The keys are ${vault.keyIds.join(', ')}.`)
  }
  if (id === vault.currentKeyId) {
    throw new StartError(`ID: '${id}' is the first key, which seals what is new. Add another one first.`)
  }
  const used = withKey(counts, id)
  if (used.length === 0) return
  throw new StartError(
    `ID: '${id}' is still needed by ${placesOf(used)}. Run amalgam keys rotate first; then try again.`,
  )
}

/** `keys remove ID`. */
const remove =
  (id: string): KeysRun =>
  async ({ config }, storage) => {
    const { store, vault } = storage
    await checkKeys(store, vault)
    const path = keyFilePath(config.dataDir)
    return store.transaction(async (inside) => {
      await inside.encryptionKeys.lock()
      refuseRemoval(id, storage, await inside.sealed.counts())
      if (config.encryptionKeys === undefined) {
        const keys = await loadKeys(config, store)
        await replaceKeyFile(
          path,
          keys.filter((key) => key.id !== id),
        )
      }
      await inside.encryptionKeys.remove(id)
      const where =
        config.encryptionKeys === undefined
          ? `is no longer in ${path}`
          : 'is not needed: take it out of ENCRYPTION_KEYS'
      return `The key '${id}' ${where}. Restart every process. Keep the key as long as you keep backups of the database from before.\n`
    })
  }

const runOf = ([, verb, id, ...more]: readonly string[]): KeysRun | undefined => {
  if (more.length > 0) return undefined
  if (verb === 'remove') return id === undefined ? undefined : remove(id)
  const runs: Readonly<Record<string, KeysRun>> = { status, rotate, add }
  return id === undefined && verb !== undefined && Object.hasOwn(runs, verb) ? runs[verb] : undefined
}

/** The commands about encryption keys; undefined for words that are none. */
export const keysCommand = (words: readonly string[]): ((input: RunInput) => Promise<void>) | undefined => {
  const run = runOf(words)
  if (run === undefined) return undefined
  return async (input) => {
    const { config, stack, say } = input
    if (run === add && config.encryptionKeys !== undefined) throw addToEnvironment()
    const storage = await openStorage(config, createProgress(say), () => undefined)
    stack.push(storage.close)
    say(await run(input, storage))
  }
}
