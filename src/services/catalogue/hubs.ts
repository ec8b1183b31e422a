import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { elementOperations } from './operations.ts'

/** The hubs that Cloud Elements named (spec/contract.md 2.4), in the order of their ids. */
const known: readonly (readonly [key: string, name: string])[] = [
  ['crm', 'CRM'],
  ['documents', 'Documents'],
  ['finance', 'Finance'],
  ['erp', 'ERP'],
  ['expense', 'Expense'],
  ['payment', 'Payment'],
  ['helpdesk', 'Help desk'],
  ['marketing', 'Marketing'],
  ['messaging', 'Messaging'],
  ['ecommerce', 'Ecommerce'],
  ['social', 'Social'],
  ['employee', 'Employee'],
  ['db', 'Databases'],
  ['general', 'General'],
]

/** Ids of hubs outside that list follow the first element in them, so that they stay. */
const otherIdsFrom = 1000

const hubJson = (key: string, elements: readonly Element[]) => {
  const at = known.findIndex(([name]) => name === key)
  const name = known[at]?.[1] ?? key
  return {
    id: at < 0 ? otherIdsFrom + (elements[0]?.id ?? 0) : at + 1,
    name,
    key,
    description: `${name}: ${elements.map(({ title }) => title).join(', ')}`,
    videoLink: '',
    active: true,
  }
}

/** The first segment of a path: what it is about. */
const headOf = (path: string): string => path.split('/')[1] ?? ''

/** What can be called in a hub, by the first segment of its paths, each once, with the elements that have it. */
const hubResources = (key: string, elements: readonly Element[]) => {
  const all = elements.flatMap((element) =>
    elementOperations(element).map(({ operation: { method, path } }) => ({
      ...{ element: element.key, method, name: headOf(path) },
    })),
  )
  return [...new Set(all.map(({ name }) => name))].map((name) => {
    const same = all.filter((one) => one.name === name)
    return {
      name,
      path: `/hubs/${key}/${name}`,
      methods: [...new Set(same.map(({ method }) => method))],
      elements: [...new Set(same.map(({ element }) => element))],
    }
  })
}

export type Hubs = ReturnType<typeof createHubs>

/** The hubs of a catalogue: every category that an element is in. */
export const createHubs = (elements: readonly Element[]) => {
  const keys = [...new Set(elements.map(({ hub }) => hub))]
  const inHub = (key: string): readonly Element[] => elements.filter(({ hub }) => hub === key)

  const find = (key: string): string => {
    const found = keys.find((one) => one === key.toLowerCase())
    if (found !== undefined) return found
    throw new AppError('not-found', `No hub found with key ${key.slice(0, 64)}`)
  }

  const json = (key: string, hydrate: boolean) => {
    const own = inHub(key)
    return hydrate ? { ...hubJson(key, own), resources: hubResources(key, own) } : hubJson(key, own)
  }

  return {
    keys: (): readonly string[] => keys,
    /** With `hydrate`, each with its resources. */
    all: (hydrate: boolean) => keys.map((key) => json(key, hydrate)),
    /** @throws AppError `not-found`. */
    get: (key: string, hydrate: boolean) => json(find(key), hydrate),
    /** @throws AppError `not-found`. */
    elements: (key: string): readonly Element[] => inHub(find(key)),
  }
}
