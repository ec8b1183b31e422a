import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { readyMadeExpense, resourceIn } from '#src/element/index.ts'
import { compileMapping, planFields, transformationOf } from '../mapping/index.ts'
import { readyMadeDefinitions, readyMadeNamed } from './ready-made.ts'

const mapped = catalogueElements({}).filter(({ templates = [] }) => templates.length > 0)

describe.each(mapped.map((element) => [element.key, element] as const))(
  'templates of %s',
  (_key, element) => {
    it.each((element.templates ?? []).map((template) => [template.objectName, template] as const))(
      '%s names fields that are defined, and fields that the resource has',
      (objectName, { vendorName, fields }) => {
        const defined = readyMadeExpense.find((one) => one.objectName === objectName)?.fields ?? []
        const paths = defined.map(({ path }) => path)
        expect(paths).toEqual(expect.arrayContaining(Object.keys(fields)))
        const resource = resourceIn(element, vendorName)
        expect(Object.keys(resource?.fields ?? {})).toEqual(expect.arrayContaining(Object.values(fields)))
      },
    )

    it('are transformations as one could be posted', () => {
      const rows = readyMadeNamed(element, undefined)
      expect(rows).toHaveLength(element.templates?.length ?? 0)
      for (const row of rows) {
        const resource = resourceIn(element, row.vendorName)
        if (resource === undefined) throw new Error(row.vendorName)
        const fields = row.fields.map((field) => ({ ...field, level: 'instance' as const }))
        expect(planFields(fields, resource)).toHaveLength(row.fields.length)
        const stored = {
          organizationId: 2,
          level: 'instance',
          ownerId: 2,
          createdAt: new Date(0),
          ...row,
        } as const
        const one = transformationOf([stored])
        if (one === undefined) throw new Error('none')
        expect(compileMapping(one, resource).showsUnmapped).toBe(false)
      }
    })
  },
)

describe('ready-made definitions', () => {
  it('define each name and each path once', () => {
    const names = readyMadeDefinitions.map(({ objectName }) => objectName)
    expect(new Set(names).size).toBe(names.length)
    for (const { fields } of readyMadeDefinitions)
      expect(new Set(fields.map(({ path }) => path)).size).toBe(fields.length)
  })
})
