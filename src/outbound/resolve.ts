import { type LookupAddress, lookup as resolveName } from 'node:dns'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { createTurns, type Turns, type Waiter } from '#src/lib/turns.ts'
import { isOwnLack } from './own-lack.ts'

/** Told of a name's addresses. */
type Told = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void

/** Finds the addresses of a host name and throws nothing; the system's resolver, unless a test brings its own. */
export type Resolve = (hostname: string, done: Told) => void

/** Asks the operating system, hosts file included. */
export const systemResolve: Resolve = (hostname, done) =>
  resolveName(hostname, { all: true, order: 'verbatim' }, (error, addresses) => done(error, addresses ?? []))

const usualThreads = 4
const mostThreads = 1024
const mostSuspects = 8

/**
 * How many names that may have no answer are asked for at a time: half of what the system works on at once, so that the
 * other half is there for names that are known. https://docs.libuv.org/en/v1.x/threadpool.html: getaddrinfo runs in a
 * pool of 4 threads, or UV_THREADPOOL_SIZE, at most 1024; src/threadpool.c, `slow_work_thread_threshold`: half of them,
 * rounded up, take such slow work, and read the size by `atoi`, whose 0 means one.
 * @param poolSize as libuv finds it in the environment.
 */
export const suspectsAtOnce = (poolSize: string | undefined): number => {
  const read = poolSize === undefined ? usualThreads : Number.parseInt(poolSize, 10) || 1
  const threads = read < 0 ? mostThreads : Math.min(read, mostThreads)
  const slow = Math.floor((threads + 1) / 2)
  return Math.min(mostSuspects, Math.max(1, Math.floor(slow / 2)))
}

/** A good answer that took longer makes a name a suspect. */
const wellWithinMs = 2_000
/** A failure that took longer is repeated to all who ask soon. A quick one never is: a name just made works at once. */
const quickWithinMs = 5_000
const failureStaysMs = 30_000
/** Less than the time to connect, in which the wait counts, so that no far side is blamed for a wait of ours. */
const mostInLineMs = 8_000
const mostNames = 10_000

export interface SharedResolveOptions {
  /** Milliseconds of a steady clock. */
  readonly now?: () => number
  /** How many suspects are asked for at a time: `suspectsAtOnce`. */
  readonly suspects: number
}

/** One question about a name, in line or on its way, and all who asked it. */
interface Question {
  readonly hostname: string
  readonly askers: Told[]
}

const notAsked = (hostname: string): AppError =>
  new AppError(
    'too-many-requests',
    `${hostname} was not looked up: too many names that do not resolve are being looked up at this moment. Try again.`,
    { hop: 'amalgam', retryable: true, retryAfterSeconds: 1 },
  )

/** Names below one domain have a name service in common, and mostly an owner: its last two labels. */
const domainOf = (hostname: string): string => hostname.replace(/\.$/, '').split('.').slice(-2).join('.')

/**
 * Asks about a name once at a time, whoever wants to know, and keeps names that nobody answers for from holding up
 * others: the system works on few at once (`suspectsAtOnce`), cannot be told to stop, and a dead name takes it 10 to 40
 * seconds. Names that answered well the last time are asked for at once. All others are suspects: a few at a time, of
 * one domain half of those, and the rest in line, from which they are told `too-many-requests` after 8 seconds.
 * Addresses are not kept: each connection judges those of its own moment.
 */
export const sharedResolve = (resolve: Resolve, options: SharedResolveOptions): Resolve => {
  const { now = () => performance.now(), suspects } = options
  const turns: Turns = createTurns({ atOnce: suspects, perGroup: Math.ceil(suspects / 2) })
  const asked = new Map<string, Question>()
  const well = createClockCache<string, true>({ capacity: mostNames, now })
  const failures = createClockCache<string, NodeJS.ErrnoException>({
    capacity: mostNames,
    ttlMs: failureStaysMs,
    now,
  })

  const learn = (hostname: string, error: NodeJS.ErrnoException | null, tookMs: number): void => {
    // Nothing about the name: this machine had no open file left for the question.
    if (isOwnLack(error)) return
    if (error === null && tookMs <= wellWithinMs) well.set(hostname, true)
    else well.delete(hostname)
    if (error !== null && tookMs > quickWithinMs) failures.set(hostname, error)
  }

  const tell = ({ hostname, askers }: Question, ...answer: Parameters<Told>): void => {
    asked.delete(hostname)
    for (const told of askers) told(...answer)
  }

  const ask = (question: Question, ended?: () => void): void => {
    const beganMs = now()
    let isOver = false
    resolve(question.hostname, (error, addresses) => {
      if (isOver) return
      isOver = true
      learn(question.hostname, error, now() - beganMs)
      ended?.()
      tell(question, error, addresses)
    })
  }

  const askInTurn = (question: Question): void => {
    let timer: NodeJS.Timeout | undefined
    let hasBegun = false
    const waiter: Waiter = {
      group: domainOf(question.hostname),
      begin: () => {
        hasBegun = true
        clearTimeout(timer)
        ask(question, () => turns.end(waiter))
      },
    }
    turns.take(waiter)
    if (hasBegun) return
    timer = setTimeout(() => {
      if (turns.leave(waiter)) tell(question, notAsked(question.hostname), [])
    }, mostInLineMs)
    timer.unref()
  }

  return (hostname, done) => {
    const known = asked.get(hostname)
    if (known !== undefined) {
      known.askers.push(done)
      return
    }
    const failure = failures.get(hostname)
    // Later, as every answer: who asks may not be ready for one yet.
    if (failure !== undefined) return queueMicrotask(() => done(failure, []))
    const question: Question = { hostname, askers: [done] }
    asked.set(hostname, question)
    if (well.get(hostname) === true) ask(question)
    else askInTurn(question)
  }
}
