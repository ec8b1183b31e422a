import { setTimeout as sleep } from 'node:timers/promises'
import { namesOf } from '../../support/uploads.ts'
import type { Random } from '../support/random.ts'
import { inParallel } from '../support/run.ts'
import type { KilledJob } from './downloads.ts'
import type { Client, Lane } from './lane.ts'
import type { VendorReport } from './vendor-reports.ts'

const kinds = ['create', 'create with identifier', 'upsert'] as const
/** Rows on their way at once, as a job has them unless it says otherwise. */
export const usualParallel = 4
const byName = 'Name'
const metaDataOf = {
  create: {},
  'create with identifier': { action: 'create', identifierFieldName: byName },
  upsert: { action: 'upsert', identifierFieldName: byName },
} as const
const comment = 'uploaded'

/** Every third row is there before, with another comment. */
const makeSome = async ({ call }: Client, names: readonly string[]): Promise<void> => {
  const some = names.filter((_, at) => at % 3 === 0)
  await inParallel(some.length, usualParallel, async (at) => {
    const body = { Name: some[at], Comment: 'before' }
    const { status, text } = await call('/reports', { method: 'POST', body })
    if (status !== 200) throw new Error(`POST /reports answered ${status}: ${text}`)
  })
}

/** Somebody with few reports of their own: a row that is looked for is found by reading these. */
export const someone = async (lane: Lane, random: Random) => {
  const owners = [...new Set(lane.seeded.map(({ OwnerLoginID }) => OwnerLoginID))]
  for (;;) {
    const login = random.pick(owners)
    const client = await lane.person(login)
    if (client !== undefined) return { login, client }
  }
}

/**
 * @param comment that each must have; undefined: it is not among what is written.
 * @throws Error that says which rows at the vendor are not as they must be.
 */
export const mustStand = (
  standing: readonly VendorReport[],
  names: readonly string[],
  doubted: ReadonlySet<string | undefined>,
  comment?: string,
): void => {
  const wrong = names.flatMap((name) => {
    const there = standing.filter(({ Name }) => Name === name)
    const isWell = there.length === 1 || (there.length === 0 && doubted.has(name))
    const isNew = there.every(({ LastComment }) => comment === undefined || LastComment === comment)
    if (isWell && isNew) return []
    const more = `${doubted.has(name) ? ', in doubt' : ''}${isNew ? '' : ', and not as uploaded'}`
    return [`'${name}' is there ${there.length} times${more}`]
  })
  const known = new Set(names)
  const strangers = standing.filter(({ Name }) => !known.has(Name)).map(({ Name }) => `'${Name}': unknown`)
  if (wrong.length + strangers.length > 0)
    throw new Error(`${wrong.length} rows: ${[...wrong, ...strangers].slice(0, 5).join('; ')}`)
}

/** Starts an upload of reports whose names nothing else has. @param slowMs what a call takes at the vendor. */
export const startUpload = async (
  lane: Lane,
  random: Random,
  number: number,
  slowMs: number,
): Promise<KilledJob> => {
  const kind = kinds[(number + random.int(2)) % kinds.length] ?? 'create'
  const { login, client } = await someone(lane, random)
  const start = `Round ${number} ${random.int(1_000_000)}`
  const names = namesOf(start, kind === 'upsert' ? 40 + random.int(60) : 150 + random.int(250))
  if (kind === 'upsert') await makeSome(client, names)
  const parallel = random.pick([1, usualParallel, usualParallel])
  const file = `Name,Comment\n${names.map((name) => `${name},${comment}\n`).join('')}`
  const made = await client.bulk.upload('reports', file, { ...metaDataOf[kind], concurrency: parallel })
  if (made.status !== 200) throw new Error(`the upload answered ${made.status}: ${made.text}`)
  const { id } = made.json
  return {
    what: kind,
    id,
    bulk: client.bulk,
    judge: async ({ status, recordsCount, recordsFailedCount }, kills) => {
      const errors = await client.bulk.errors(id)
      const told = `${status}, ${recordsCount} of ${names.length} rows, ${recordsFailedCount} failed, ${errors.length} errors`
      const isCounted = recordsCount === names.length && recordsFailedCount === errors.length
      if (status !== 'COMPLETED' || !isCounted) throw new Error(told)
      const odd = errors.find(({ inDoubt }) => inDoubt !== true)
      if (odd !== undefined) throw new Error(`an error that is no doubt: ${JSON.stringify(odd)}`)
      const most = kind === 'create' ? kills * parallel : 0
      if (errors.length > most) throw new Error(`${errors.length} rows in doubt, at most ${most} can be`)
      const doubted = new Set(errors.map(({ row }) => names[row - 1]))
      if (doubted.size !== errors.length) throw new Error('a row is in doubt twice')
      // What a dead process had sent arrives late.
      await sleep(2 * slowMs + 50)
      const all = await lane.vendorReports(login)
      mustStand(
        all.filter(({ Name }) => Name.startsWith(start)),
        names,
        doubted,
        comment,
      )
      return { rows: names.length, inDoubt: errors.length }
    },
  }
}
