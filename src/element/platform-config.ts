import type { ConfigField, Element } from './element.ts'
import { usualPollers } from './poller-defaults.ts'

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

/** What an element's instances may say of their events (spec/contract.md 6.1). */
const eventFields = (element: Element): readonly ConfigField[] => [
  {
    key: 'event.vendor.type',
    label: 'How events come',
    kind: 'choice',
    required: false,
    choices: ['polling', 'webhook', 'webhooks'],
    defaultValue: element.features.events[0] ?? 'polling',
    description: 'polling asks the provider again and again; webhook waits for its calls.',
  },
  {
    key: 'event.notification.callback.url',
    label: 'Callback URL',
    kind: 'text',
    required: false,
    description: 'Where events are sent by POST.',
  },
  {
    key: 'event.notification.signature.key',
    label: 'Signature key',
    kind: 'secret',
    required: false,
    description: 'Events are signed with it, so that their receiver can tell them from others.',
  },
  {
    key: 'event.poller.refresh_interval',
    label: 'Interval in minutes',
    kind: 'text',
    required: false,
    defaultValue: '15',
    description: 'How often changes are looked for: a number of minutes from 1.',
  },
  {
    key: 'event.objects',
    label: 'Resources to watch',
    kind: 'text',
    required: false,
    description: 'Names of resources, joined by commas; empty: what is configured, else what is usual.',
  },
  {
    key: 'event.poller.configuration',
    label: 'Poller configuration',
    kind: 'text',
    required: false,
    defaultValue: JSON.stringify(usualPollers(element)),
    description: 'A JSON object that says of each resource how its changes are found.',
  },
]

/** The configuration of an element's instances: what it declares, and what every instance has. */
export const configOf = (element: Element): readonly ConfigField[] => {
  const known = fields.get(element)
  if (known !== undefined) return known
  const events = element.features.events.length > 0 ? eventFields(element) : []
  const all = [
    ...element.config,
    ...[...platformFields, ...events].filter(({ key }) => !element.config.some((field) => field.key === key)),
  ]
  fields.set(element, all)
  return all
}

const fields = new WeakMap<Element, readonly ConfigField[]>()
