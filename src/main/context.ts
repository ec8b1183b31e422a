import pino, { type DestinationStream, type Logger } from 'pino'
import { catalogueElements } from '#elements/index.ts'
import { apiBase } from '#src/api/index.ts'
import type { Element } from '#src/element/index.ts'
import { createEngine } from '#src/engine/index.ts'
import { errorForLog } from '#src/lib/error-for-log.ts'
import type { Vault } from '#src/lib/secret.ts'
import { createMailer, createOutbound, type Outbound } from '#src/outbound/index.ts'
import { createQueue, dueTables } from '#src/queue/index.ts'
import { createScripts, type Scripts } from '#src/script/index.ts'
import {
  createAccounts,
  createBulk,
  createCalls,
  createCatalogue,
  createConnects,
  createElements,
  createEventLog,
  createEvents,
  createInstances,
  createNotifications,
  createObjects,
  createRequestLog,
  createTransformations,
  createTransformScripts,
  type OwnCall,
  type OwnReply,
} from '#src/services/index.ts'
import {
  createStore,
  type Database,
  type EmbeddedServer,
  migrate,
  migrations,
  openDatabase,
  originOf,
  type Store,
  startEmbeddedPostgres,
} from '#src/store/index.ts'
import { type BulkFiles, openBulkFiles } from './bulk-files.ts'
import { type Config, threadPoolSize } from './config.ts'
import { makeDataDir } from './data-dir.ts'
import { checkKeys, openVault } from './keys.ts'
import { createOwnApi } from './own-api.ts'
import type { Progress } from './progress.ts'
import { sandboxUrls } from './sandbox-places.ts'

/** Every room, built by hand; closed in the opposite order. */
export type Context = Awaited<ReturnType<typeof openContext>>

const maxConnections = 10
const connectTimeoutMs = 10_000
/** A token call may take 20 s, and what it brings must be stored. */
const settleWithinMs = 22_000

const createLogger = (config: Config, logTo: DestinationStream | undefined): Logger => {
  const options = {
    level: config.logLevel,
    redact: ['authorization', '*.authorization', 'headers.authorization', '*.password'],
    // What is no Error went through errorForLog already.
    serializers: { err: (thrown: unknown) => (thrown instanceof Error ? errorForLog(thrown) : thrown) },
  }
  return logTo === undefined ? pino(options) : pino(options, logTo)
}

interface OpenedDatabase {
  readonly db: Database
  readonly embedded: EmbeddedServer | undefined
}

/** The database of DATABASE_URL, or the embedded server of the data folder; migrated. */
const openMigrated = async (
  config: Config,
  progress: Progress,
  say: (step: string) => void,
): Promise<OpenedDatabase> => {
  const embedded =
    config.databaseUrl === undefined
      ? await progress('Starting the database', () =>
          startEmbeddedPostgres({ dataDir: config.dataDir, onProgress: say }),
        )
      : undefined
  const connection = embedded?.connection ?? { connectionString: config.databaseUrl ?? '' }
  let db: Database | undefined
  try {
    db = await progress('Connecting to the database', () =>
      openDatabase(connection, { maxConnections, connectTimeoutMs }),
    )
    const opened = db
    await progress('Bringing the tables up to date', () => migrate(opened, migrations, say))
    return { db, embedded }
  } catch (error) {
    await db?.close()
    await embedded?.stop()
    throw error
  }
}

/** Who notifications are from (spec/contract.md 6.2, `user`): an address at this server's own name. */
const senderOf = ({ publicUrl }: Config): string => `notifications@${new URL(publicUrl).hostname}`

/** Where this server's API is, as scripts see it. */
const addressOf = ({ publicUrl }: Config) => {
  const { protocol, host } = new URL(publicUrl)
  return { protocol: protocol.slice(0, -1), host, pathPrefix: apiBase }
}

interface Rooms {
  readonly config: Config
  readonly db: Database
  readonly store: Store
  readonly vault: Vault
  readonly outbound: Outbound
  readonly logger: Logger
  readonly callApi: (call: OwnCall) => Promise<OwnReply>
  readonly bulkFiles: BulkFiles
  readonly sandbox: Scripts
  readonly more: readonly Element[]
}

const buildRooms = ({
  config,
  db,
  store,
  vault,
  outbound,
  logger,
  callApi,
  bulkFiles,
  sandbox,
  more,
}: Rooms) => {
  const catalogue = createCatalogue({
    elements: [...catalogueElements({ sandboxUrls: sandboxUrls(config) }), ...more],
    ...{ store, vault, scripts: sandbox },
  })
  const accounts = createAccounts({ store, vault })
  const queue = createQueue({
    db,
    tables: dueTables,
    onError: (error, doing) => logger.error({ err: error }, doing),
  })
  const engine = createEngine({
    outbound,
    pageTokenKeys: vault.deriveKeys('page-token'),
    limits: config.queryLimits,
    shares: store.vendorBudgets,
  })
  const instances = createInstances({
    ...{ store, vault, outbound, catalogue, accounts, queue, verify: engine.verify },
    allowPasswordGrant: config.allowPasswordGrant,
  })
  const elements = createElements({ store, vault, catalogue, instances })
  const notifications = createNotifications({
    ...{ store, queue, outbound, instances, sender: senderOf(config) },
    mailer: config.smtp === undefined ? undefined : createMailer(config.smtp),
    retentionDays: config.eventRetentionDays,
  })
  const scripts = createTransformScripts({ scripts: sandbox, address: addressOf(config) })
  const transformations = createTransformations({ store, catalogue, instances, scripts })
  const eventLog = createEventLog({ store, instances, notifications })
  const calls = createCalls({ store, vault, accounts, instances, notifications, queue, callApi })
  const connects = createConnects({
    ...{ store, vault, catalogue, instances },
    callbackUrl: `${config.publicUrl}/callback`,
  })
  const objects = createObjects({ engine, store, scripts, maxSeconds: config.queryLimits.maxSeconds })
  const events = createEvents({ store, catalogue, queue, instances, objects, notifications })
  const bulk = createBulk({
    ...{ store, vault, queue, instances, objects, notifications },
    files: bulkFiles.files,
    retentionDays: config.bulkRetentionDays,
  })
  const requestLog = createRequestLog({
    store,
    onError: (error) =>
      logger.error({ err: error }, 'the request log could not be written; it is tried again'),
  })
  return {
    store,
    queue,
    bulk,
    calls,
    events,
    elements,
    eventLog,
    notifications,
    connects,
    catalogue,
    accounts,
    instances,
    objects,
    requestLog,
    transformations,
  }
}

/** The store alone, and the vault whose keys are not checked yet: for commands about the keys themselves. */
export const openStorage = async (config: Config, progress: Progress, say: (step: string) => void) => {
  await makeDataDir(config.dataDir)
  const { db, embedded } = await openMigrated(config, progress, say)
  const store = createStore(db)
  const close = async (): Promise<void> => {
    await db.close()
    await embedded?.stop()
  }
  try {
    return { db, store, vault: await openVault(config, store), close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Opens the database, checks the keys, builds the rooms.
 * @param logTo receives the lines of the log; standard output when absent.
 * @param elements stand in the catalogue behind its own.
 * @throws StartError with one line that says what to do.
 */
export const openContext = async (
  config: Config,
  progress: Progress,
  say: (step: string) => void,
  logTo?: DestinationStream,
  elements: readonly Element[] = [],
) => {
  const logger = createLogger(config, logTo)
  const { db, store, vault, close } = await openStorage(config, progress, say)
  try {
    await checkKeys(store, vault)
    const outbound = createOutbound({
      allow: config.outboundAllow,
      allowVendorOrigins: sandboxUrls(config),
      allowFileOrigins: config.bulkStore === undefined ? [] : [originOf(config.bulkStore)],
      threadPoolSize: threadPoolSize(),
    })
    const ownApi = createOwnApi(() => context)
    const bulkFiles = openBulkFiles(config, outbound)
    const sandbox = createScripts()
    const rooms = buildRooms({
      ...{ config, db, store, vault, outbound, logger, bulkFiles, sandbox, more: elements },
      callApi: ownApi.call,
    })
    const context = {
      config,
      publicUrl: config.publicUrl,
      logger,
      outbound,
      bulkFiles,
      ...rooms,
      /** SQL statements sent so far. */
      statementCount: db.statementCount,
      /** Closes what `openContext` opened. */
      close: async (): Promise<void> => {
        await ownApi.stop()
        await rooms.instances.settle(settleWithinMs)
        await rooms.requestLog.flush()
        await rooms.instances.flushUses()
        await sandbox.close()
        await outbound.close()
        await close()
      },
    }
    return context
  } catch (error) {
    await close()
    throw error
  }
}
