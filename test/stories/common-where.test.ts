import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { companyInstance } from '../support/grants.ts'
import { type Mapping, mappingOn, off, onMapping } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

let stage: Stage
let mapping: Mapping

onMapping((made) => {
  ;({ stage, mapping } = made)
})

type Row = Record<string, unknown>

/** Fields of every kind that reports have, some of which the vendor filters by. */
const vendorNames = [
  ...['Name', 'CurrencyCode', 'ApprovalStatusCode', 'OwnerName', 'Country'],
  ...['Total', 'TotalApprovedAmount', 'PersonalAmount', 'HasException', 'LastModifiedDate', 'SubmitDate'],
]
const tails = ['', '.value', '.of.it'] as const
const operators = ['=', '!=', '<', '>', '<=', '>='] as const

interface Clause {
  readonly vendor: string
  readonly common: string
}

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)

/** One comparison, with a value that a row has. */
const comparison = (vendor: string, common: string, rows: readonly Row[]): fc.Arbitrary<Clause> => {
  const values = [...new Set(rows.map((row) => row[vendor]))].filter(
    (value) => value !== undefined && value !== null && !(typeof value === 'string' && value.includes("'")),
  )
  const isNull = fc.constantFrom('is null', 'is not null')
  const one = fc.constantFrom(...(values.length === 0 ? ['none'] : values)).map(literal)
  const compared =
    typeof values[0] === 'boolean'
      ? one.map((value) => `= ${value}`)
      : fc.tuple(fc.constantFrom(...operators), one).map(([operator, value]) => `${operator} ${value}`)
  const within = fc.array(one, { minLength: 1, maxLength: 3 }).map((list) => `in (${list.join(', ')})`)
  return fc
    .oneof(
      { weight: 4, arbitrary: compared },
      { weight: 1, arbitrary: isNull },
      { weight: 1, arbitrary: within },
    )
    .map((rest) => ({ vendor: `${vendor} ${rest}`, common: `${common} ${rest}` }))
}

const joined = (word: string, clauses: readonly Clause[]): Clause => ({
  vendor: `(${clauses.map(({ vendor }) => vendor).join(` ${word} `)})`,
  common: `(${clauses.map(({ common }) => common).join(` ${word} `)})`,
})

/** A mapping of some fields to other names, and clauses in both. */
const generated = (rows: readonly Row[]) =>
  fc
    .shuffledSubarray(vendorNames, { minLength: 3, maxLength: 6 })
    .chain((names) =>
      fc.tuple(
        ...names.map((vendor, at) =>
          fc.constantFrom(...tails).map((tail) => ({ vendor, path: `c${at}${tail}` })),
        ),
      ),
    )
    .chain((fields) => {
      const one = fc.constantFrom(...fields).chain(({ vendor, path }) => comparison(vendor, path, rows))
      const pair = fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(one, { minLength: 2, maxLength: 3 }))
        .map(([word, clauses]) => joined(word, clauses))
      const whole = fc
        .tuple(fc.boolean(), fc.oneof(one, pair))
        .map(([not, clause]) =>
          not ? { vendor: `not (${clause.vendor})`, common: `not (${clause.common})` } : clause,
        )
      return fc.record({
        fields: fc.constant(fields),
        passes: fc.boolean(),
        clauses: fc.array(whole, { minLength: 6, maxLength: 6 }),
      })
    })

describe('6.2/1 where in common names', () => {
  it('selects the rows that the same clause in the vendor’s names selects, for generated mappings', async () => {
    const rows = await mapping.rows('reports')
    let some = 0
    for (const { fields, passes, clauses } of fc.sample(generated(rows), { numRuns: 6, seed: 9 })) {
      const made = await mapping.map(
        'mine',
        'reports',
        [
          { path: 'key', vendorPath: 'ID' },
          ...fields.map(({ vendor, path }) => ({ path, vendorPath: vendor })),
        ],
        passes ? [] : [off],
      )
      expect(made.status, made.text).toBe(200)
      for (const { vendor, common } of clauses) {
        const wanted = (await mapping.rows('reports', { where: vendor })).map(({ ID }) => ID)
        const found = (await mapping.rows('mine', { where: common })).map(({ key }) => key)
        expect(found, `${common} for ${vendor}`).toEqual(wanted)
        if (wanted.length > 0 && wanted.length < rows.length) some += 1
      }
    }
    expect(some).toBeGreaterThan(12)
  })

  it('reaches every item of a list', async () => {
    const company = await companyInstance(stage.product, stage.member)
    const there = await mappingOn(stage, company)
    const [list] = await there.rows('lists')
    const listId = `listId = '${list?.['ID']}'`
    const all = await there.rows('items', { where: listId })
    await there.map('choices', 'items', [
      { path: 'key', vendorPath: 'ID' },
      { path: 'in[*].list.id', vendorPath: 'lists[*].id' },
    ])
    for (const rest of [`= '${list?.['ID']}'`, `!= '${list?.['ID']}'`, 'is null', "like 'x%'"]) {
      const wanted = await there.rows('items', { where: `${listId} and lists[*].id ${rest}` })
      const found = await there.rows('choices', { where: `${listId} and in[*].list.id ${rest}` })
      expect(found.map(({ key }) => key)).toEqual(wanted.map(({ ID }) => ID))
      expect(wanted.length).toBe(rest.startsWith('= ') ? all.length : wanted.length)
    }
    expect(all.length).toBeGreaterThan(2)
  })
})
