import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Element } from '#src/element/index.ts'
import { StartError } from '#src/lib/start-error.ts'

export interface SandboxProcess {
  readonly stop: () => Promise<void>
}

const stopWithinMs = 3_000
const programRoot = fileURLToPath(new URL('../../sandbox/', import.meta.url))

interface Ready {
  readonly ready: boolean
}

const isReady = (message: unknown): message is Ready =>
  typeof message === 'object' && message !== null && 'ready' in message

const startupFailure = (port: number, words: string): StartError =>
  new StartError(
    `${words.trim() === '' ? `The sandbox did not start on port ${port}.` : words.trim()} Set SANDBOX_PORT to a free port, or SANDBOX=off.`,
  )

const waitReady = async (child: ChildProcess, port: number): Promise<void> => {
  const stop = new AbortController()
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString('utf8')}`.slice(-500)
  })
  try {
    const first = await Promise.race([
      once(child, 'message', { signal: stop.signal }).then(([message]) => message as unknown),
      once(child, 'exit', { signal: stop.signal }).then(() => null),
    ])
    if (!isReady(first)) throw startupFailure(port, words)
  } finally {
    stop.abort()
  }
}

/**
 * Runs an element's sandbox beside this process. It holds a channel to it and ends when that closes, so a
 * killed process leaves no sandbox behind.
 */
export const startSandboxProcess = async (
  element: Element,
  port: number,
  stateFile: string,
): Promise<SandboxProcess> => {
  const program = join(programRoot, element.key, 'main.js')
  const child = fork(program, ['--port', String(port), '--state', stateFile], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A terminal sends Ctrl-C to the whole group; the order of stopping is ours.
    detached: true,
  })
  await waitReady(child, port)
  return {
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await gone
      clearTimeout(timer)
    },
  }
}
