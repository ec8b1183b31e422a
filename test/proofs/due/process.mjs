// One worker as an operating system process of its own, on the built product: claims rows of `work`, takes a
// while for each, and ends it. Rows of the kind `effect` are ended in the transaction of an insert, the others
// in batches. Told by DUE_PROCESS, in JSON; tells in lines: `owner NUMBER`, `ready`, `refused N TOKEN`, `error WORDS`.
import { setTimeout as sleep } from 'node:timers/promises'
import { createQueue, dueTable, LeaseLost } from '#src/queue/index.ts'
import { openDatabase } from '#src/store/index.ts'

const { url, leaseSeconds, parallel, batch, workMs } = JSON.parse(process.env.DUE_PROCESS)
const tell = (line) => process.stdout.write(`${line}\n`)

const db = await openDatabase({ connectionString: url }, { maxConnections: 10, connectTimeoutMs: 10_000 })
const table = dueTable({
  name: 'work',
  key: { organizationId: 'bigint', n: 'bigint' },
  data: ['kind'],
  leaseSeconds,
})
const queue = createQueue({
  db,
  tables: [table],
  onError: (error, doing) => tell(`error ${doing}: ${error.message}`),
})

/** A careless job: it does not heed its signal, so that only the fence keeps it from ending what it lost. */
const run = async (claim) => {
  await sleep(workMs * (0.5 + Math.random()))
  const { n, kind } = claim.row
  if (kind === 'batch') return null
  try {
    await db.transaction(async (tx) => {
      await tx.query({
        name: 'effect',
        text: 'insert into effects (n, token) values ($1, $2)',
        values: [n, claim.token],
      })
      await queue.finish(tx, claim, null)
    })
  } catch (error) {
    if (error instanceof LeaseLost) tell(`refused ${n} ${claim.token}`)
    throw error
  }
  return 'finished'
}

const worker = queue.worker([{ table, parallel, batch, run }])
await queue.presence.start()
await worker.start()
let owner = null
const tellOwner = () => {
  if (queue.presence.owner() === owner) return
  owner = queue.presence.owner()
  if (owner !== null) tell(`owner ${owner}`)
}
tellOwner()
tell('ready')
const owners = setInterval(tellOwner, 50)

process.once('SIGTERM', async () => {
  clearInterval(owners)
  await worker.stop()
  await queue.presence.stop()
  await db.close()
})
