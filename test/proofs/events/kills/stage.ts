import { setTimeout as sleep } from 'node:timers/promises'
import { openInstallation } from '../../support/installation.ts'
import { startOwnServer } from '../../support/own-server.ts'
import type { Random } from '../../support/random.ts'
import { createBooks } from './books.ts'
import { createCaller } from './caller.ts'
import { startCrew } from './crew.ts'
import { openLedger } from './ledger.ts'
import { openReceivers } from './receivers.ts'
import { startWatch } from './watch.ts'

const instances = 5
/** Of each instance: reports and lists. */
const pollers = instances * 2
const receiverCount = 2
const restWithinMs = 90_000
const key = 'a key of thirty-two characters !!'

/** Reads fail and drag now and then; writes, which are the proof's own, do not. */
const faults = ['reports.list', 'lists.list'].flatMap((operation) => [
  { fault: 'slow', operation, value: 150, rate: 0.2 },
  { fault: 'server-error', operation, value: 503, rate: 0.01 },
  { fault: 'cut-body', operation, rate: 0.01 },
])

const configurationFor = (receiver: string) => ({
  'event.notification.enabled': 'true',
  'event.notification.callback.url': `${receiver}/hook`,
  'event.notification.signature.key': key,
  'event.poller.refresh_interval': '1',
  // Several pages a poll, so that a kill falls between two.
  'event.poller.configuration': JSON.stringify({ reports: { pageSize: 15 }, lists: {} }),
})

/** Waits until this many are left: none. @throws Error that says what did not happen. */
const untilNone = async (what: string, left: () => Promise<number>): Promise<void> => {
  for (const giveUpAt = Date.now() + restWithinMs; ; await sleep(200)) {
    const count = await left()
    if (count === 0) return
    if (Date.now() > giveUpAt) throw new Error(`${count} ${what}`)
  }
}

/**
 * A PostgreSQL, a sandbox, receivers, and the processes of the product on them, with instances whose every poller has
 * polled once. @param random the choices of each part of it.
 */
export const openStage = async (random: (what: string, number?: number) => Random) => {
  const server = await startOwnServer()
  const installation = await openInstallation({ OUTBOUND_ALLOW: '127.0.0.1' }, server)
  const { db, vendor, first } = installation
  const books = createBooks(db)
  await books.setUp()
  const receivers = await openReceivers(receiverCount, key, (number) => random('receiver', number))
  const instanceIds: number[] = []
  for (let number = 0; number < instances; number += 1) {
    const { url = '' } = receivers[number % receiverCount] ?? {}
    const made = await installation.connect(first, 'oauth2', `Kills ${number}`, configurationFor(url))
    instanceIds.push(made.id)
  }
  await first.stop()
  await books.pollEverySecond()
  const watch = startWatch(books, server.isAway)
  const crew = await startCrew({ installation, server, books, watch })

  const untilPolled = async (): Promise<void> => {
    const sinceMs = Date.now()
    await untilNone('pollers were not polled', async () => pollers - (await books.polledSince(sinceMs)))
  }
  await untilPolled()
  const ledger = await openLedger(vendor, random('ledger'))
  const caller = createCaller(crew.port, instanceIds, random('caller'))
  await vendor.setFaults(faults)

  return {
    ...{ books, watch, crew, ledger, caller, receivers, instanceIds, pollers },
    /** All that makes events and trouble, until told to stop. */
    trouble: (signal: AbortSignal): Promise<unknown> =>
      Promise.all([ledger, caller, ...receivers].map((one) => one.run(signal))),
    /** Waits until every change was polled and every event delivered. */
    comeToRest: async (): Promise<void> => {
      await vendor.setFaults([])
      await untilPolled()
      // What is gone is told by the second poll that does not find it.
      await untilPolled()
      await untilNone('deliveries are not done', books.hurry)
    },
    close: async (): Promise<void> => {
      crew.leaveAlone()
      await Promise.all(receivers.map((one) => one.close()))
      await installation.close()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>
