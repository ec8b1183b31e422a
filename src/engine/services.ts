import type { Service } from '#src/element/index.ts'

/** The service of a call, and whom it is counted for beside the instance. */
export interface Counted {
  readonly service: Service
  /** The user that the path names, where the service counts by user; else empty. */
  readonly user: string
}

interface Compiled {
  readonly service: Service
  /** What the path begins with, up to its first brace. */
  readonly prefix: string
  readonly pattern: RegExp
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const compile = (service: Service, path: string): Compiled => {
  const segments = path.split('/').map((segment) => {
    if (segment === '{user}') return '([^/?]+)'
    return segment.startsWith('{') ? '[^/?]+' : literal(segment)
  })
  return {
    service,
    prefix: path.split('{', 1)[0] ?? '',
    pattern: new RegExp(`^${segments.join('/')}(?=[/?]|$)`),
  }
}

/** Calls that no service claims. */
const others: Service = { key: 'other', paths: [] }
const unclaimed: Counted = { service: others, user: '' }

const fits = ({ methods }: Service, method: string): boolean =>
  methods === undefined || methods.some((one) => one === method)

/** Finds the service of a call. */
export const createServiceFinder = (services: readonly Service[]) => {
  const compiled = services.flatMap((service) => service.paths.map((path) => compile(service, path)))
  return (method: string, path: string): Counted => {
    for (const { service, prefix, pattern } of compiled) {
      if (!path.startsWith(prefix) || !fits(service, method)) continue
      const found = pattern.exec(path)
      if (found !== null)
        return { service, user: service.limit?.per === 'user' ? (found[1] ?? '').toLowerCase() : '' }
    }
    return unclaimed
  }
}

export type ServiceFinder = ReturnType<typeof createServiceFinder>
