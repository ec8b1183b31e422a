import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approvalNames } from './codes.ts'
import { readDate, writeDate } from './dates.ts'
import { scramble, unscramble } from './hash.ts'
import { personByLogin } from './people.ts'
import { createSeed } from './seed.ts'

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

describe('the seeded data', () => {
  it('leads every id back to its index', () => {
    fc.assert(
      fc.property(uint32, uint32, (value, seed) => {
        expect(unscramble(scramble(value, seed), seed)).toBe(value)
      }),
    )
    const seed = createSeed({ reports: 5_000_000, seed: 4711 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_999_999 }), (index) => {
        expect(seed.indexOf(seed.idAt(index))).toBe(index)
        for (const [position, entry] of seed.entriesAt(seed.reportAt(index), index).entries()) {
          expect(seed.entryAt(entry.id)).toEqual({ index, position })
        }
      }),
    )
  })

  it('falls in LastModifiedDate with every index, and halving finds the place of any date', () => {
    const seed = createSeed({ reports: 300_000, seed: 4711 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 299_998 }), (index) => {
        expect(seed.modifiedAt(index)).toBeGreaterThan(seed.modifiedAt(index + 1))
        expect(seed.firstAtOrBefore(seed.modifiedAt(index))).toBe(index)
        expect(seed.firstAtOrBefore(seed.modifiedAt(index) - 1)).toBe(index + 1)
      }),
    )
  })

  it('gives the same rows whatever their number, up to 10,000', () => {
    const few = createSeed({ reports: 10, seed: 4711 })
    const many = createSeed({ reports: 10_000, seed: 4711 })
    expect(few.reportAt(9)).toEqual(many.reportAt(9))
    expect(new Date(few.modifiedAt(0)).toISOString().slice(0, 7)).toBe('2026-06')
  })

  it('has lives in order, currencies of the country, every status and about one in 40 of the administrator', () => {
    const seed = createSeed({ reports: 10_000, seed: 4711 })
    const statuses = new Set<string>()
    let own = 0
    for (let index = 0; index < 10_000; index += 1) {
      const report = seed.reportAt(index)
      const { createdAt, submitAt, processingAt, paidAt, modifiedAt } = report
      const life = [createdAt, submitAt, processingAt, paidAt, modifiedAt].filter((at) => at !== null)
      expect(life).toEqual([...life].sort((one, other) => one - other))
      expect(report.currency).toBe(personByLogin(report.ownerLogin)?.place.currency)
      statuses.add(report.approval)
      if (report.ownerLogin === 'admin@sandbox.example') own += 1
    }
    expect([...statuses].sort()).toEqual(Object.keys(approvalNames).sort())
    expect(own).toBe(250)
  })

  it('writes dates with 0 to 3 decimals and reads them back', () => {
    expect(writeDate(Date.UTC(2026, 1, 3, 9, 2, 55, 380))).toBe('2026-02-03T09:02:55.38')
    expect(writeDate(Date.UTC(2026, 1, 10))).toBe('2026-02-10T00:00:00')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
        expect(readDate(writeDate(at))).toBe(at)
      }),
    )
    expect(readDate('2026-02-30')).toBeUndefined()
    expect(readDate('2026-02-03T09:02:55Z')).toBeUndefined()
  })
})
