import { setTimeout as sleep } from 'node:timers/promises'
import { bulkOf } from '../../support/bulk.ts'
import { ask, hub, platform } from '../../support/client.ts'
import { configuration } from '../../support/instances.ts'
import { openInstallation, type Running } from '../support/installation.ts'
import { codeOf, openVendorReports } from './vendor-reports.ts'

/** What is due again comes to a new process within so long, where it is not waiting for something else. */
const takenWithinMs = 3_000

/** One installation with a process that serves and lives, and a worker that is killed. */
export const openLane = async () => {
  const installation = await openInstallation()
  const { db, vendor, admin, first } = installation
  const vendorReports = await openVendorReports(vendor)
  const seeded = await vendorReports('ALL')
  let worker: Running | undefined

  const clientOf = (token: string) => {
    const call: Parameters<typeof bulkOf>[0]['call'] = (path, options = {}) =>
      ask(`${first.url}/hubs/expense${path}`, {
        ...options,
        headers: { ...hub(admin, token), ...options.headers },
      })
    return { call, token, bulk: bulkOf({ call }) }
  }
  const { token } = await installation.connect(first, 'oauth2', 'Downloads')

  /** Processes that hold a job. */
  const holders = async (): Promise<ReadonlySet<string>> => {
    const rows = await db.query<{ owner: string }>({
      text: 'select distinct lease_owner::text as owner from bulk_jobs where lease_owner is not null',
      values: [],
    })
    return new Set(rows.map(({ owner }) => owner))
  }
  let dead: ReadonlySet<string> = new Set()

  return {
    vendor,
    vendorReports,
    /** Everybody's reports before anything was uploaded, in the vendor's order. */
    seeded,
    /** Sees everybody's reports. */
    downloads: clientOf(token),
    /** A new instance of a person; undefined: the vendor lets this one not in. */
    person: async (login: string) => {
      const code = await codeOf(vendor, login)
      if (code === '') return undefined
      const made = await ask(`${first.url}/instances`, {
        headers: platform(admin),
        body: {
          ...{ name: login, element: { key: 'concur' }, configuration },
          providerData: { code },
        },
      })
      if (made.status !== 200) throw new Error(`POST /instances answered ${made.status}: ${made.text}`)
      return clientOf(made.json.token)
    },
    startWorker: async (): Promise<void> => {
      worker ??= await installation.work()
    },
    /** kill -9. @returns whether it held a job in that moment. */
    killWorker: async (): Promise<boolean> => {
      await worker?.kill()
      worker = undefined
      const before = dead
      dead = new Set([...before, ...(await holders())])
      return dead.size > before.size
    },
    /** Until a process that lives holds a job, or long enough. */
    untilTaken: async (): Promise<void> => {
      for (const endsAt = Date.now() + takenWithinMs; Date.now() < endsAt; await sleep(20))
        if ([...(await holders())].some((owner) => !dead.has(owner))) return
    },
    close: installation.close,
  }
}

export type Lane = Awaited<ReturnType<typeof openLane>>
export type Client = Lane['downloads']
