import { statusShares } from './codes.ts'
import { groupOfPerson } from './config/config-data.ts'
import { chance, mix, pick, pickNumber } from './hash.ts'
import { entryIndexOf, reportIdAt, reportIndexOf } from './ids.ts'
import { departmentId, projectId } from './lists/list-data.ts'
import { type Person, peopleOf, staffCount } from './people.ts'
import { listField, type Report } from './records.ts'
import { seedEntries } from './seed-entries.ts'
import { monthly, months, projects, purposes } from './words.ts'

/**
 * The seeded reports: each a pure function of its index and the seed, none stored. Index 0 was modified
 * last; LastModifiedDate falls with every index.
 */
export type Seed = ReturnType<typeof createSeed>

const minuteMs = 60_000
const dayMs = 86_400_000
const newestAt = Date.UTC(2026, 5, 26, 16, 42, 7, 853)
const spanMs = 3 * 365 * dayMs
/** Up to this many reports the dates do not depend on the number, so that examples stay exact. */
const plainCount = 10_000

const reimbursementMethods = ['CNQRPAY', 'ADPPAYR', 'APCHECK', 'PMTSERV'] as const
const comments = ['', '', '', 'Receipts attached.', 'Second part follows.'] as const

const statusAt = (seed: number, index: number): readonly [approval: string, payment: string] => {
  let rest = pickNumber(seed, index, 20, 1000)
  for (const [approval, payment, share] of statusShares) {
    if (rest < share) return [approval, payment]
    rest -= share
  }
  return ['A_APPR', 'P_PAYC']
}

interface Life {
  readonly createdAt: number
  readonly submitAt: number | null
  readonly processingAt: number | null
  readonly paidAt: number | null
}

/** Walks back from the last change: paid, processing, submitted, created. */
const lifeOf = (seed: number, index: number, approval: string, payment: string, lastAt: number): Life => {
  const back = (salt: number, fromMs: number, toMs: number) =>
    fromMs + pickNumber(seed, index, salt, toMs - fromMs)
  const paidAt = payment === 'P_PAID' || payment === 'P_PAYC' ? lastAt - back(30, 20, 900) : null
  const processing = paidAt !== null || payment === 'P_PROC' || payment === 'P_HOLD'
  const processingAt = processing
    ? (paidAt ?? lastAt) - (paidAt === null ? back(31, 20, 900) : back(31, 10 * minuteMs, 2 * dayMs))
    : null
  const submitted = approval !== 'A_NOTF' && approval !== 'A_RESU'
  const submitAt = submitted ? (processingAt ?? lastAt) - back(32, 10 * minuteMs, 6 * dayMs) : null
  return {
    createdAt: (submitAt ?? lastAt) - back(33, 60 * minuteMs, 20 * dayMs),
    submitAt,
    processingAt,
    paidAt,
  }
}

const nameOf = (seed: number, index: number, city: string, createdAt: number): string => {
  if (chance(25, seed, index, 40)) {
    const date = new Date(createdAt)
    return `${months[date.getUTCMonth()] ?? 'June'} ${String(date.getUTCFullYear())} ${pick(monthly, seed, index, 41)}`
  }
  return `${city} ${pick(purposes, seed, index, 42)}`
}

/** Batches are made weekly: a report that reached payment belongs to its week's. */
const batchOf = (at: number | null): string | null =>
  at === null ? null : `BATCH-${String(Math.floor(at / (7 * dayMs)))}`

const commentOf = (seed: number, index: number, approval: string): string =>
  approval === 'A_RESU' ? 'Please attach the hotel receipt.' : pick(comments, seed, index, 50)

export interface SeedOptions {
  readonly reports: number
  readonly seed: number
  /** Whose reports: one in 40 of the first, the others' by chance. */
  readonly owners?: readonly Person[]
}

export const createSeed = (options: SeedOptions) => {
  const { reports: count, seed, owners = peopleOf('us2').slice(0, 1 + staffCount) } = options
  const stepMs = Math.floor(spanMs / Math.max(count, plainCount))

  const modifiedAt = (index: number): number =>
    index === 0 ? newestAt : newestAt - index * stepMs - pickNumber(seed, index, 10, Math.floor(stepMs / 2))

  const ownerAt = (index: number): Person => {
    const position = index % 40 === 0 ? 0 : 1 + pickNumber(seed, index, 11, owners.length - 1)
    const person = owners[position]
    if (person === undefined) throw new Error('seed: no such person')
    return person
  }

  const idAt = (index: number): string => reportIdAt(index, seed)

  const reportAt = (index: number): Report => {
    const owner = ownerAt(index)
    const [approval, payment] = statusAt(seed, index)
    const lastAt = modifiedAt(index)
    const life = lifeOf(seed, index, approval, payment, lastAt)
    const city = pick(owner.place.cities, seed, index, 12)
    const project = chance(30, seed, index, 13) ? pick(projects, seed, index, 14) : null
    const processed = life.processingAt !== null
    const approverLogin = life.submitAt === null ? null : owner.managerLogin
    return {
      id: idAt(index),
      index,
      ownerLogin: owner.login,
      name: nameOf(seed, index, city[0], life.createdAt),
      purpose: null,
      currency: owner.place.currency,
      country: owner.place.country,
      subdivision: city[1],
      ...life,
      userDefinedAt: Math.floor(life.createdAt / dayMs) * dayMs,
      modifiedAt: lastAt,
      approval,
      payment,
      approverLogin,
      lastComment: commentOf(seed, index, approval),
      everSentBack: approval === 'A_RESU' || chance(6, seed, index, 15),
      receiptsReceived: processed || chance(40, seed, index, 16),
      hasException: chance(8, seed, index, 17),
      reimbursementMethod: pick(reimbursementMethods, seed, index, 18),
      batchId: batchOf(life.processingAt),
      groupConfigId: groupOfPerson(owner).v3Id,
      fields: {
        OrgUnit1: listField('ConnectedList', owner.department, departmentId(owner.home, owner.department[0])),
        ...(project === null
          ? {}
          : { Custom1: listField('List', project, projectId(owner.home, project[0])) }),
        ...(mix(seed, index, 19) % 4 === 0 ? { Custom2: textFieldOf(seed, index) } : {}),
      },
    }
  }

  return {
    count,
    modifiedAt,
    ownerAt,
    idAt,
    reportAt,
    indexOf: (id: string) => reportIndexOf(id, seed, count),
    entryAt: (entryId: string) => entryIndexOf(entryId, seed, count),
    entriesAt: (report: Report, index: number) => seedEntries(seed, report, index),
    /** The first index modified at or before `at`; `count` when there is none. Dates fall, so halving finds it. */
    firstAtOrBefore: (at: number): number => {
      let low = 0
      let high = count
      while (low < high) {
        const middle = (low + high) >>> 1
        if (modifiedAt(middle) <= at) high = middle
        else low = middle + 1
      }
      return low
    },
  }
}

const textFieldOf = (seed: number, index: number) => ({
  Type: 'Text',
  Value: `Order ${String(4000 + pickNumber(seed, index, 21, 5000))}`,
  Code: null,
  ListItemID: null,
})
