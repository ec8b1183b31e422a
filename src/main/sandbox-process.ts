import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Element } from '#src/element/index.ts'
import { StartError } from '#src/lib/start-error.ts'

export interface SandboxProcess {
  readonly stop: () => Promise<void>
}

export interface SandboxProcessOptions {
  readonly element: Element
  readonly port: number
  /** Where the sandbox keeps its data; its folder is there. */
  readonly stateFile: string
  /** Told, in one line, when the sandbox ended unasked. */
  readonly say: (text: string) => void
}

const stopWithinMs = 3_000
/** A sandbox that keeps dying is started again this often within the window, not more. */
const mostRestarts = 3
const restartWindowMs = 60_000
const programRoot = fileURLToPath(new URL('../../sandbox/', import.meta.url))

interface Ready {
  readonly ready: boolean
}

const isReady = (message: unknown): message is Ready =>
  typeof message === 'object' && message !== null && 'ready' in message

const startupFailure = (port: number, words: string): StartError => {
  const said = words.trim().replaceAll(/\s*\n\s*/g, ' ')
  const told = said === '' ? `The sandbox did not start on port ${port}.` : said
  return new StartError(`${told} Set SANDBOX_PORT to a free port, or SANDBOX=off.`)
}

const waitReady = async (child: ChildProcess, port: number): Promise<void> => {
  const stop = new AbortController()
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString('utf8')}`.slice(-500)
  })
  try {
    const first = await Promise.race([
      once(child, 'message', { signal: stop.signal }).then(([message]) => message as unknown),
      once(child, 'close', { signal: stop.signal }).then(() => null),
    ])
    if (!isReady(first)) throw startupFailure(port, words)
  } finally {
    stop.abort()
  }
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

const untilEnd = async (child: ChildProcess): Promise<void> => {
  if (!hasEnded(child)) await once(child, 'exit')
}

const launch = ({ element, port, stateFile }: SandboxProcessOptions): ChildProcess => {
  const program = join(programRoot, element.key, 'main.js')
  const child = fork(program, ['--port', String(port), '--state', stateFile], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A terminal sends Ctrl-C to the whole group; the order of stopping is ours.
    detached: true,
  })
  // A signal that cannot be delivered must not end this process.
  child.on('error', () => undefined)
  return child
}

/** Gives how long the next restart must wait, in milliseconds, and counts it. */
const createPace = () => {
  const restartedAt: number[] = []
  return (): number => {
    const now = Date.now()
    const oldest = restartedAt.length < mostRestarts ? undefined : restartedAt.shift()
    const waitMs = oldest === undefined ? 0 : Math.max(0, oldest + restartWindowMs - now)
    restartedAt.push(now + waitMs)
    return waitMs
  }
}

/**
 * Runs an element's sandbox beside this process, and again when it ends unasked. It holds a channel to it and
 * ends when that closes, so a killed process leaves no sandbox behind.
 * @throws StartError when the first start fails.
 */
export const startSandboxProcess = async (options: SandboxProcessOptions): Promise<SandboxProcess> => {
  const { element, port, say } = options
  const stopped = new AbortController()
  const nextWaitMs = createPace()
  let child = launch(options)
  await waitReady(child, port)

  const startAgain = async (waitMs: number): Promise<string | undefined> => {
    try {
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopped.signal })
      stopped.signal.throwIfAborted()
      child = launch(options)
      await waitReady(child, port)
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : 'unknown'
    }
  }
  const watch = async (): Promise<void> => {
    let failure: string | undefined
    for (;;) {
      await untilEnd(child)
      if (stopped.signal.aborted) return
      const why = failure ?? child.signalCode ?? `code ${child.exitCode}`
      const waitMs = nextWaitMs()
      const when = waitMs > 0 ? ` in ${Math.ceil(waitMs / 1000)} seconds` : ''
      say(`The sandbox of ${element.title} ended unasked (${why}); it is started again${when}.\n`)
      failure = await startAgain(waitMs)
    }
  }
  const watching = watch()

  return {
    stop: async () => {
      stopped.abort()
      if (!hasEnded(child)) child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await watching
      clearTimeout(timer)
    },
  }
}
