import { createHash } from 'node:crypto'
import type { Element } from '#src/element/index.ts'
import { createEngine } from '#src/engine/index.ts'
import { deliverNotifications } from '#src/jobs/deliver-notifications.ts'
import { pollChanges } from '#src/jobs/poll-changes.ts'
import { createVault, parseEncryptionKeys } from '#src/lib/secret.ts'
import { createOutbound } from '#src/outbound/index.ts'
import { createQueue, dueTables } from '#src/queue/index.ts'
import { createScripts } from '#src/script/index.ts'
import {
  createAccounts,
  createCatalogue,
  createEvents,
  createInstances,
  createNotifications,
  createObjects,
  createTransformScripts,
} from '#src/services/index.ts'
import { createStore } from '#src/store/index.ts'
import type { TestDatabase } from '../../support/database.ts'

const keys = parseEncryptionKeys(`k1:${createHash('sha256').update('orchard').digest('base64')}`)
const limits = { maxCalls: 200, maxSeconds: 20, vendorSeconds: 15 }

/** The product's own rooms over one element, as main builds them, with its worker running; as good as a process. */
export const openHub = async (database: TestDatabase, element: Element, errors: string[]) => {
  const db = await database.open()
  const store = createStore(db)
  const vault = createVault(keys)
  const outbound = createOutbound({ allow: ['127.0.0.1'] })
  const onError = (error: unknown, doing: string): void => {
    errors.push(`${doing}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const sandbox = createScripts()
  const catalogue = createCatalogue({ elements: [element], store, vault, scripts: sandbox })
  const accounts = createAccounts({ store, vault })
  const queue = createQueue({ db, tables: dueTables, onError })
  const allowPasswordGrant = false
  const engine = createEngine({
    outbound,
    pageTokenKeys: vault.deriveKeys('page-token'),
    limits,
    shares: store.vendorBudgets,
  })
  const instances = createInstances({
    ...{ store, vault, outbound, catalogue, accounts, queue, verify: engine.verify },
    allowPasswordGrant,
  })
  const notifications = createNotifications({
    ...{ store, queue, outbound, instances },
    sender: 'hub@orchard.example',
    mailer: undefined,
    retentionDays: 30,
  })
  const address = { protocol: 'http', host: '127.0.0.1', pathPrefix: '' }
  const scripts = createTransformScripts({ scripts: sandbox, address })
  const objects = createObjects({ engine, store, scripts, maxSeconds: limits.maxSeconds })
  const events = createEvents({ store, catalogue, queue, instances, objects, notifications })
  const worker = queue.worker([pollChanges({ events }), deliverNotifications({ notifications })])
  const unwatch = await instances.watch()
  await queue.presence.start()
  await worker.start()
  return {
    accounts,
    instances,
    counts: worker.counts,
    /** What runs is broken off and given back. */
    stop: async (): Promise<void> => {
      await worker.stop(0)
      await queue.presence.stop()
      await unwatch()
      await sandbox.close()
      await outbound.close()
      await db.close()
    },
  }
}

export type Hub = Awaited<ReturnType<typeof openHub>>
