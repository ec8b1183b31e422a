import { sandboxCount } from '#elements/index.ts'
import type { Config } from './config.ts'

/** The ports of all sandboxes, in the order of the elements: as named, then one after the other. */
export const sandboxPorts = ({ sandbox }: Pick<Config, 'sandbox'>): readonly number[] => {
  if (sandbox === undefined) return []
  const { ports } = sandbox
  const last = ports.at(-1) ?? 0
  return Array.from({ length: sandboxCount }, (_, at) => ports[at] ?? last + 1 + at - ports.length)
}

/** Where the sandboxes listen, in the order of the elements; none: they are off. */
export const sandboxUrls = (config: Pick<Config, 'sandbox'>): readonly string[] =>
  sandboxPorts(config).map((port) => `http://127.0.0.1:${port}`)
