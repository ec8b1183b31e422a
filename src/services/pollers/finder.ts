import type { Element } from '#src/element/index.ts'
import { hashSecret } from '#src/lib/secret.ts'
import { isPosted } from '../catalogue/index.ts'

const finderKey = 'event.notification.instance.finder'

/** How a vendor's call names an instance: where the value stands in the call, and which value it is, hashed. */
export interface Finder {
  /** A dotted path. */
  readonly path: string
  readonly valueHash: string
}

/**
 * `event.notification.instance.finder`: the configuration key that holds a value, and the path of the same value in the
 * vendor's call, as in `acme.org|body.org.id` (spec/contract.md 6.1).
 */
export const finderOf = (configuration: Readonly<Record<string, string | null>>): Finder | undefined => {
  const [key = '', path = ''] = (configuration[finderKey] ?? '').split('|').map((part) => part.trim())
  const value = configuration[key]?.trim()
  return path === '' || !value ? undefined : { path, valueHash: hashSecret(value) }
}

/**
 * The name by which a vendor's call finds instances of an element. Of a posted element it is the id: other organizations
 * may have its key, and would get its calls.
 */
export const inboundName = (element: Element): string =>
  isPosted(element) ? String(element.id) : element.key

/** How the directory's keys of an element's finders begin. */
export const finderStart = (name: string): string => `${name} `

/** The directory's key of one instance's finder. */
export const printFinder = (name: string, instanceId: number, { path, valueHash }: Finder): string =>
  `${finderStart(name)}${instanceId} ${valueHash} ${path}`

export const parseFinder = (key: string): Finder => {
  const [, , valueHash = '', ...path] = key.split(' ')
  return { valueHash, path: path.join(' ') }
}
