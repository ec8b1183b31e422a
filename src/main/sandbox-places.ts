import { sandboxCount } from '#elements/index.ts'
import type { Config } from './config.ts'

/** The ports of all sandboxes, in the order of the elements: as named, then the next ones that are not the API's. */
export const sandboxPorts = ({ sandbox, port: own }: Pick<Config, 'sandbox' | 'port'>): readonly number[] => {
  if (sandbox === undefined) return []
  const count = sandbox.isAlone ? 1 : sandboxCount
  const ports = sandbox.ports.slice(0, count)
  while (ports.length < count) {
    const next = (ports.at(-1) ?? sandbox.port) + 1
    ports.push(next === own ? next + 1 : next)
  }
  return ports
}

/** Where the sandboxes listen, in the order of the elements; none: they are off. */
export const sandboxUrls = (config: Pick<Config, 'sandbox' | 'port'>): readonly string[] =>
  sandboxPorts(config).map((port) => `http://127.0.0.1:${port}`)
