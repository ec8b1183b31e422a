import { createHash } from 'node:crypto'
import { type ConfigField, configOf, type Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { type Configuration, shownConfiguration } from './configuration.ts'
import { isSecretKey } from './secret-keys.ts'

const types: Readonly<Record<ConfigField['kind'], string>> = {
  text: 'TEXTFIELD_1000',
  secret: 'PASSWORD',
  choice: 'COMBO',
  boolean: 'BOOLEAN',
}

/** One value of an instance's configuration (spec/contract.md 2.2). */
export interface ConfigurationItem {
  readonly id: number
  readonly key: string
  readonly name: string
  /** Null where nothing is set; a mask for a secret. */
  readonly propertyValue: string | null
  readonly type: string
  readonly required: boolean
  readonly active: boolean
}

/** Clients may hold ids in 32 bits with a sign. */
const largestId = 0x7fff_fffe

/**
 * Ids that follow from instance and key alone, so that they stay without being stored. Where two keys meet,
 * the later one in the list takes the next free id.
 */
const idsOf = (instanceId: number, keys: readonly string[]): ReadonlyMap<string, number> => {
  const taken = new Set<number>()
  return new Map(
    keys.map((key) => {
      const hash = createHash('sha256').update(`${instanceId}/${key}`).digest().readUInt32BE(0)
      let id = (hash % largestId) + 1
      while (taken.has(id)) id = (id % largestId) + 1
      taken.add(id)
      return [key, id]
    }),
  )
}

/** Every declared value, set or not, then what a client added; keys in a fixed order. */
export const configurationItems = (
  element: Element,
  instanceId: number,
  configuration: Configuration,
): readonly ConfigurationItem[] => {
  const shown = shownConfiguration(element, configuration)
  const declared = new Map(configOf(element).map((field) => [field.key, field]))
  const added = Object.keys(shown).filter((key) => !declared.has(key))
  const keys = [...declared.keys(), ...added.sort()]
  const ids = idsOf(instanceId, keys)
  return keys.map((key) => {
    const field = declared.get(key)
    const kind = field?.kind ?? (isSecretKey(element, key) ? 'secret' : 'text')
    return {
      id: ids.get(key) ?? 0,
      key,
      name: field?.label ?? key,
      propertyValue: Object.hasOwn(shown, key) ? (shown[key] ?? null) : null,
      type: types[kind],
      required: field?.required ?? false,
      active: true,
    }
  })
}

/** @throws AppError `not-found`. */
export const itemWithId = (items: readonly ConfigurationItem[], id: string): ConfigurationItem => {
  const item = items.find((one) => String(one.id) === id)
  if (item !== undefined) return item
  throw new AppError('not-found', `No configuration found with id ${id.slice(0, 64)}`)
}
