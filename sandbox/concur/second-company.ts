import { peopleOf } from './people.ts'
import { createSeed } from './seed.ts'
import type { Event } from './state.ts'

const most = 40

/**
 * The reports of the company in the other data centre: a handful, laid over the seed as if callers had
 * written them, because ids of the seed lead to the first company's rows only.
 */
export const secondCompanyReports = (options: {
  readonly reports: number
  readonly seed: number
}): Event[] => {
  const reports = Math.min(options.reports, most)
  const seed = createSeed({ reports, seed: options.seed + 1, owners: peopleOf('eu2') })
  return Array.from({ length: reports }).flatMap((_, index) => {
    const report = { ...seed.reportAt(index), index: null }
    const entries = seed.entriesAt(report, index)
    return [
      { kind: 'report', report } as const,
      ...entries.map((entry) => ({ kind: 'entry', entry }) as const),
    ]
  })
}
