import { Worker } from 'node:worker_threads'
import { type EntryAsked, type EntryTold, limits, type ThreadReady } from './script-call.ts'
import { threadMs } from './thread-time.ts'
import { createTurns, type Waiting } from './turns.ts'

/** One that is held by a script leaves another for the others. */
const mostThreads = 2
const startWithinMs = 30_000

/** The built file, also for what runs from source: a thread reads no TypeScript. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/src/script/worker.js' : './worker.js',
  import.meta.url,
)

interface Thread {
  readonly worker: Worker
  /** The owners whose contexts it may have. */
  readonly owners: Set<string>
  ready: boolean
  /** Its number on the system, where that is known. */
  number: number | undefined
  running: Waiting | undefined
  timer: NodeJS.Timeout | undefined
}

/** Whether a thread can run no other entry. */
const isUsedUp = (told: EntryTold): boolean =>
  'failed' in told ? told.failed === 'broken' || told.failed === 'memory' : told.isWorn === true

/** Threads that run entries: each one at a time, and of one organization one at a time. */
export const createThreads = () => {
  let threads: readonly Thread[] = []
  const turns = createTurns()
  let closed = false

  const settle = (thread: Thread, told: EntryTold): void => {
    clearTimeout(thread.timer)
    const { running } = thread
    thread.running = undefined
    if (running === undefined) return
    turns.leave(running)
    running.resolve(told)
  }

  const end = (thread: Thread, told: EntryTold): void => {
    threads = threads.filter((one) => one !== thread)
    settle(thread, told)
    void thread.worker.terminate()
    // Where none starts, another would not either: what waits has its answer, and the next to come tries again.
    if (!thread.ready && threads.length === 0) for (const { resolve } of turns.empty()) resolve(told)
    next()
  }

  const endAfter = (thread: Thread, ms: number, told: EntryTold): void => {
    thread.timer = setTimeout(() => end(thread, told), ms)
  }

  /** Ends a thread whose entry has run for too long; time in which others had the core does not count. */
  const watch = (thread: Thread): void => {
    const beganMs = threadMs(thread.number)
    const wait = (ms: number): void => {
      thread.timer = setTimeout(() => {
        const leftMs = limits.threadMs - (threadMs(thread.number) - beganMs)
        if (leftMs <= 0) end(thread, { failed: 'time', words: '' })
        else wait(Math.max(leftMs, 50))
      }, ms)
    }
    wait(limits.threadMs)
  }

  const start = (): void => {
    // Nothing of the environment, and no flags of this process: a thread needs neither.
    const worker = new Worker(workerFile, { env: {}, argv: [], execArgv: [], stdin: false })
    const thread: Thread = {
      worker,
      owners: new Set(),
      ready: false,
      number: undefined,
      running: undefined,
      timer: undefined,
    }
    threads = [...threads, thread]
    worker.unref()
    endAfter(thread, startWithinMs, { failed: 'broken', words: 'the thread did not start' })
    worker.on('message', (told: EntryTold | ThreadReady) => {
      if ('ready' in told) {
        clearTimeout(thread.timer)
        thread.ready = true
        thread.number = told.ready
      } else if (isUsedUp(told)) end(thread, told)
      else settle(thread, told)
      next()
    })
    const gone = (): void => {
      if (threads.includes(thread)) end(thread, { failed: 'broken', words: 'the thread ended' })
    }
    worker.on('error', gone)
    worker.on('exit', gone)
  }

  const hand = (thread: Thread, one: Waiting): void => {
    thread.running = one
    thread.owners.add(one.asked.owner)
    watch(thread)
    thread.worker.postMessage(one.asked)
  }

  /** One that has the owner's context, if there is. */
  const freeThreadFor = (owner: string): Thread | undefined => {
    const free = threads.filter(({ ready, running }) => ready && running === undefined)
    return free.find(({ owners }) => owners.has(owner)) ?? free[0]
  }

  const startAnother = (): void => {
    if (threads.length < mostThreads && threads.every(({ ready }) => ready)) start()
  }

  /** Hands out what waits, by turns, to threads that are free. */
  const next = (): void => {
    if (closed) return
    for (;;) {
      const one = turns.first()
      if (one === undefined) return
      const thread = freeThreadFor(one.asked.owner)
      if (thread === undefined) {
        startAnother()
        return
      }
      turns.enter(one)
      hand(thread, one)
    }
  }

  /** While no thread is there yet, the wait has not begun. */
  const giveUpLater = (one: Waiting): void => {
    const timer = setTimeout(() => {
      if (!turns.isWaiting(one)) return
      if (!threads.some(({ ready }) => ready)) return giveUpLater(one)
      turns.remove(one)
      one.resolve({ failed: 'busy', words: '' })
    }, limits.waitMs)
    timer.unref()
  }

  return {
    /** What came of an entry; it never throws. */
    enter: (asked: EntryAsked): Promise<EntryTold> =>
      new Promise((resolve) => {
        if (closed) return resolve({ failed: 'broken', words: 'the sandbox is closed' })
        const one = { asked, resolve }
        turns.add(one)
        next()
        if (turns.isWaiting(one)) giveUpLater(one)
      }),
    close: async (): Promise<void> => {
      closed = true
      const told: EntryTold = { failed: 'broken', words: 'the sandbox is closed' }
      for (const { resolve } of turns.empty()) resolve(told)
      const ended = threads
      threads = []
      for (const thread of ended) settle(thread, told)
      await Promise.all(ended.map(({ worker }) => worker.terminate()))
    },
  }
}
