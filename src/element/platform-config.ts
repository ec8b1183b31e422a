import type { ConfigField, Element } from './element.ts'

/** Every instance has these, whatever its element declares (spec/behaviour.md 2). */
const platformFields: readonly ConfigField[] = [
  {
    key: 'filter.response.nulls',
    label: 'Leave out empty fields',
    kind: 'boolean',
    required: false,
    defaultValue: 'true',
    description: 'true removes fields whose value is null from replies.',
  },
  {
    key: 'event.notification.enabled',
    label: 'Events',
    kind: 'boolean',
    required: false,
    defaultValue: 'false',
    description: 'true switches change events on.',
  },
]

/** The configuration of an element's instances: what it declares, and what every instance has. */
export const configOf = (element: Element): readonly ConfigField[] => [
  ...element.config,
  ...platformFields.filter(({ key }) => !element.config.some((field) => field.key === key)),
]
