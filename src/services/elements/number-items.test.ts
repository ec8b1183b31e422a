import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ElementJson } from '#src/contract/index.ts'
import { numberedFrom } from './number-items.ts'

const from = (start: number) => {
  let last = start
  return async (count: number): Promise<readonly number[]> =>
    Array.from({ length: count }, () => {
      last += 1
      return last
    })
}

const documentOf = (names: readonly string[]): ElementJson => ({
  name: 'Acme',
  authentication: { type: 'oauth2' },
  configuration: names.map((key) => ({ key })),
  resources: names.map((name) => ({
    path: `/hubs/crm/${name}`,
    method: 'GET',
    parameters: names.map((one) => ({ name: one, type: 'query' })),
  })),
})

const idsByName = ({ configuration, resources }: ElementJson) => [
  ...(configuration ?? []).map(({ key, id }) => [key, id] as const),
  ...(resources ?? []).flatMap(({ path, id, parameters }) => [
    [path, id] as const,
    ...(parameters ?? []).map((one) => [`${path}?${one.name}`, one.id] as const),
  ]),
]

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 6 })

it('4/3 parts keep their numbers in any order, with their numbers or without, and none is given twice', async () => {
  await fc.assert(
    fc.asyncProperty(names, names, fc.boolean(), async (before, added, withIds) => {
      const nextIds = from(0)
      const first = await numberedFrom(documentOf(before), undefined, nextIds)
      const known = new Map(idsByName(first))
      const next = documentOf([...new Set([...added, ...before])].reverse())
      const sent = withIds
        ? { ...next, configuration: next.configuration?.map((one) => ({ ...one, id: known.get(one.key) })) }
        : next
      const second = idsByName(await numberedFrom(sent, first, nextIds))
      for (const [name, id] of second) if (known.has(name)) expect(id).toBe(known.get(name))
      expect(new Set(second.map(([, id]) => id)).size).toBe(second.length)
    }),
  )
})

it('models name the resources of their document, whatever numbers these came with', async () => {
  const document = {
    ...documentOf(['trees', 'crates']),
    models: [{ name: 'm', resources: [{ id: 77 }] }],
  }
  const resources = document.resources?.map((one, at) => ({ ...one, id: 76 + at }))
  const made = await numberedFrom({ ...document, resources }, undefined, from(1000))
  expect(made.models?.[0]?.resources?.[0]?.id).toBe(made.resources?.[1]?.id)
})
