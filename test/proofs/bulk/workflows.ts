import { setTimeout as sleep } from 'node:timers/promises'
import { namesOf } from '../../support/uploads.ts'
import type { Random } from '../support/random.ts'
import { inParallel } from '../support/run.ts'
import type { KilledJob } from './downloads.ts'
import type { Client, Lane } from './lane.ts'
import { mustStand, someone, usualParallel } from './uploads.ts'

const fill = async ({ call }: Client, names: readonly string[]): Promise<void> =>
  inParallel(names.length, usualParallel, async (at) => {
    const { status, text } = await call('/reports', { method: 'POST', body: { Name: names[at] } })
    if (status !== 200) throw new Error(`POST /reports answered ${status}: ${text}`)
  })

interface WorkflowJob {
  readonly id: string
  readonly job_direction: string
  readonly recordsCount: number
  readonly recordsFailedCount: number
}

/** Starts a copy of new reports from one person to another. @param slowMs what a call takes at the vendor. */
export const startWorkflow = async (
  lane: Lane,
  random: Random,
  number: number,
  slowMs: number,
): Promise<KilledJob> => {
  const source = await someone(lane, random)
  let target = await someone(lane, random)
  while (target.login === source.login) target = await someone(lane, random)
  const start = `Copy ${number} ${random.int(1_000_000)}`
  const names = namesOf(start, 60 + random.int(100))
  await fill(source.client, names)
  const looks = random.once(2)
  const made = await source.client.bulk.call('/workflows', {
    method: 'POST',
    body: [
      {
        query: `select ID, Name from reports where Name like '${start}%'`,
        targetConfiguration: {
          token: target.client.token,
          ...(looks ? { identifierFieldName: 'Name' } : {}),
        },
      },
    ],
  })
  if (made.status !== 200) throw new Error(`the workflow answered ${made.status}: ${made.text}`)
  const { id } = made.json
  return {
    what: looks ? 'workflow with identifier' : 'workflow',
    id,
    bulk: source.client.bulk,
    judge: async ({ status, recordsCount, recordsFailedCount, jobs }, kills) => {
      const [download, upload, ...others] = jobs as readonly WorkflowJob[]
      const told = `${status}, ${recordsCount} of ${names.length} rows, ${recordsFailedCount} failed: ${JSON.stringify(jobs)}`
      const isPair = upload?.job_direction === 'UPLOAD' && others.length === 0
      if (status !== 'COMPLETED' || !isPair || download?.recordsCount !== names.length) throw new Error(told)
      const errors = await target.client.bulk.errors(upload.id)
      if (recordsCount !== names.length || recordsFailedCount !== errors.length) throw new Error(told)
      const odd = errors.find(({ inDoubt }) => inDoubt !== true)
      if (odd !== undefined) throw new Error(`an error that is no doubt: ${JSON.stringify(odd)}`)
      const most = looks ? 0 : kills * usualParallel
      if (errors.length > most) throw new Error(`${errors.length} rows in doubt, at most ${most} can be`)
      const file = await source.client.bulk.call(`/${download.id}/reports`, {
        headers: { accept: 'application/json' },
      })
      const read = file.text.trimEnd().split('\n')
      const doubted = new Set(errors.map(({ row }) => JSON.parse(read[row - 1] ?? '{}').Name as string))
      if (doubted.size !== errors.length) throw new Error('a row is in doubt twice')
      // What a dead process had sent arrives late.
      await sleep(2 * slowMs + 50)
      const all = await lane.vendorReports(target.login)
      mustStand(
        all.filter(({ Name }) => Name.startsWith(start)),
        names,
        doubted,
      )
      return { rows: names.length, inDoubt: errors.length }
    },
  }
}
