import { join } from 'node:path'
import type { Element } from '#src/element/index.ts'
import { StartError } from '#src/lib/start-error.ts'
import type { Config } from './config.ts'
import { sandboxPorts } from './sandbox-places.ts'
import { startSandboxProcess } from './sandbox-process.ts'
import type { StopStack } from './stack.ts'

/** A sandbox that runs beside this process. */
export interface StartedSandbox {
  readonly title: string
  readonly url: string
}

interface StartSandboxes {
  readonly config: Config
  readonly stack: StopStack
  readonly say: (text: string) => void
}

/** Where the sandbox of an element keeps its data. */
const stateFileOf = (dataDir: string, element: Element): string =>
  join(dataDir, `sandbox-${element.key}.jsonl`)

/**
 * Starts the sandboxes of all elements at once. The first is what a newcomer connects to, so nothing goes on without
 * it; one of the others that cannot start is told and left out.
 * @throws StartError where the first cannot start.
 */
export const startSandboxes = async (
  { config, stack, say }: StartSandboxes,
  elements: readonly Element[],
): Promise<readonly StartedSandbox[]> => {
  if (config.sandbox === undefined) return []
  const ports = sandboxPorts(config)
  const begin = async (element: Element, at: number): Promise<readonly StartedSandbox[]> => {
    const port = ports[at]
    if (element.sandbox === undefined || port === undefined) return []
    const stateFile = stateFileOf(config.dataDir, element)
    try {
      const sandbox = await startSandboxProcess({ element, port, stateFile, say })
      stack.push(sandbox.stop)
      return [{ title: element.title, url: `http://127.0.0.1:${port}` }]
    } catch (error) {
      if (at === 0 || !(error instanceof StartError)) throw error
      say(`The sandbox of ${element.title} does not run: ${error.message}\n`)
      return []
    }
  }
  const started = await Promise.allSettled(elements.map(begin))
  const failed = started.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return started.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
}
