import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const here = import.meta.dirname
/** Built tests lie in `dist`; the program of the processes is not compiled. */
const root = join(here, '..', '..', '..')
const program = join(root.endsWith('dist') ? join(root, '..') : root, 'test', 'proofs', 'due', 'process.mjs')
const readyWithinMs = 60_000

export interface MemberOptions {
  readonly url: string
  readonly leaseSeconds: number
  readonly parallel: number
  readonly batch: number
  readonly workMs: number
}

/** One process of a crew. */
export interface Member {
  /** Under which number it leases; its latest. */
  readonly owner: () => number
  readonly ready: Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** What processes told, over all of them. */
export interface Told {
  /** Leases whose end was refused, `n token` each. */
  readonly refused: string[]
  readonly errors: string[]
}

interface Ears {
  readonly onReady: () => void
  readonly onOwner: (owner: number) => void
}

const hear = (child: ChildProcess, told: Told, { onReady, onOwner }: Ears): void => {
  let rest = ''
  const onLine = (line: string): void => {
    if (line === 'ready') onReady()
    else if (line.startsWith('owner ')) onOwner(Number(line.slice(6)))
    else if (line.startsWith('refused ')) told.refused.push(line.slice('refused '.length))
    else if (line !== '') told.errors.push(line.replace(/^error /, ''))
  }
  const onData = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  child.stdout?.on('data', onData)
  child.stderr?.on('data', onData)
}

/** Processes that work on one database; `end` leaves none behind, whatever happened. */
export const createCrew = (options: MemberOptions, told: Told) => {
  const children = new Set<ChildProcess>()
  return {
    start: (): Member => {
      const child = spawn(process.execPath, [program], {
        env: { PATH: process.env['PATH'], DUE_PROCESS: JSON.stringify(options) },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      let owner = 0
      const ended = once(child, 'close').then(([code, signal]) => {
        children.delete(child)
        return { code: code as number | null, signal: signal as NodeJS.Signals | null }
      })
      const ready = new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('a process did not start')), readyWithinMs)
        const onReady = (): void => {
          clearTimeout(timer)
          resolve()
        }
        hear(child, told, {
          onReady,
          onOwner: (number) => {
            owner = number
          },
        })
        void ended.then(({ code }) => {
          clearTimeout(timer)
          reject(new Error(`a process ended with ${code}: ${told.errors.slice(-3).join('; ')}`))
        })
      })
      ready.catch(() => undefined)
      return { owner: () => owner, ready, kill: (signal) => child.kill(signal), ended }
    },
    end: async (): Promise<void> => {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all([...children].map((child) => once(child, 'close')))
    },
  }
}
