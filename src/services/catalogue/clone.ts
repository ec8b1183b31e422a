import type { ElementConfigJson, ElementJson } from '#src/contract/index.ts'
import type { ConfigField, Element } from '#src/element/index.ts'

const kindOf = ({ type, key }: ElementConfigJson): ConfigField['kind'] => {
  if (type === 'PASSWORD' || key === 'oauth.api.secret') return 'secret'
  if (type === 'BOOLEAN' || type === 'BOOLEAN_YESNO') return 'boolean'
  return type === 'COMBO' ? 'choice' : 'text'
}

const defaultIn = ({ defaultValue }: ElementConfigJson): Pick<ConfigField, 'defaultValue'> => {
  const text = String(defaultValue ?? '')
  return text === '' ? {} : { defaultValue: text }
}

const addedField = (config: ElementConfigJson): ConfigField => ({
  key: config.key,
  label: config.name ?? config.key,
  kind: kindOf(config),
  required: config.required ?? false,
  description: config.description ?? '',
  ...defaultIn(config),
  ...(config.options?.length ? { choices: config.options.map(({ value }) => value) } : {}),
})

/** What a clone may say otherwise of a configuration key that its element has. */
const changedField = (field: ConfigField, config: ElementConfigJson | undefined): ConfigField => {
  if (config === undefined) return field
  const { defaultValue: _before, ...rest } = field
  return {
    ...rest,
    label: config.name ?? field.label,
    description: config.description ?? field.description,
    required: config.required ?? field.required,
    ...defaultIn(config),
  }
}

/**
 * A clone of an element of the catalogue: its typed data under another key and id, with the configuration that the
 * clone's document tells. The public application of a sandbox does not come along.
 */
export const cloneOf = (base: Element, id: number, key: string, document: ElementJson): Element => {
  const { sandbox: _sandbox, ...rest } = base
  const told = new Map((document.configuration ?? []).map((config) => [config.key, config]))
  const added = [...told.values()].filter(({ key: name }) => !base.config.some((field) => field.key === name))
  return {
    ...rest,
    id,
    key,
    formerIds: [],
    hub: document.hub?.trim() || base.hub,
    title: document.name,
    description: document.description ?? base.description,
    config: [
      ...base.config.map((field) => changedField(field, told.get(field.key))),
      ...added.map(addedField),
    ],
  }
}
