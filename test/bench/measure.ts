import { cpuSeconds, nextMessage, type Started } from './processes.ts'
import type { PathName, Target } from './targets.ts'

/** What the load program is told to do. */
export interface Order {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
}

/** What came of it. */
export interface Load {
  readonly requests: number
  /** Replies with another status than 200. */
  readonly bad: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Bytes of body a reply. */
  readonly replyBytes: number
}

/** One target in one round: the load's view and the CPU that the target spent on it. */
export interface Sample extends Load {
  readonly cpuMicros: number
}

/** Medians over the rounds. */
export interface Result extends Sample {
  readonly target: Target['name']
  readonly rounds: number
}

export interface Pace {
  readonly rounds: number
  readonly seconds: number
}

const connections = 16
/** Compiled code is what a server runs: each program is warm after so many calls, or so many seconds. */
const warmCalls: Readonly<Record<PathName, number>> = {
  ...{ one: 8_000, page: 1_500 },
  ...{ mapped: 1_500, scripted: 1_000, 'scripted-whole': 500 },
}
const warmSeconds = 8

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, two) => one - two)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Puts load on one target. @throws Error when a reply was not 200: then nothing was measured. */
export const loadTarget = async (
  load: Started<unknown>,
  target: Target,
  path: PathName,
  seconds: number,
): Promise<Sample> => {
  const { port, headers, paths } = target
  const before = cpuSeconds(target.pid)
  const done = nextMessage<Load>(load.child, (seconds + 30) * 1000)
  load.child.send({ port, path: paths[path], headers, connections, seconds } satisfies Order)
  const made = await done
  if (made.bad > 0) throw new Error(`${target.name} answered ${made.bad} of ${made.requests} calls badly`)
  return { ...made, cpuMicros: ((cpuSeconds(target.pid) - before) * 1e6) / made.requests }
}

const medians = (target: Target['name'], samples: readonly Sample[]): Result => {
  const of = (name: keyof Sample): number => median(samples.map((sample) => sample[name]))
  return {
    target,
    rounds: samples.length,
    requests: of('requests'),
    bad: 0,
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    replyBytes: of('replyBytes'),
    cpuMicros: of('cpuMicros'),
  }
}

/** Puts load on a target until it has answered enough calls to be compiled. */
const warm = async (load: Started<unknown>, target: Target, path: PathName): Promise<void> => {
  let calls = 0
  for (let second = 0; second < warmSeconds && calls < warmCalls[path]; second += 1) {
    calls += (await loadTarget(load, target, path, 1)).requests
  }
}

/**
 * Measures every target on one path: warm first, then in rounds that interleave the targets, every other round in
 * the opposite order, so that a load of other programs on the machine falls on all alike.
 */
export const measure = async (
  load: Started<unknown>,
  targets: readonly Target[],
  path: PathName,
  pace: Pace,
): Promise<readonly Result[]> => {
  const samples = new Map<Target, Sample[]>(targets.map((target) => [target, []]))
  for (const target of targets) await warm(load, target, path)
  for (let round = 0; round < pace.rounds; round += 1) {
    const order = round % 2 === 0 ? targets : [...targets].reverse()
    for (const target of order) {
      samples.get(target)?.push(await loadTarget(load, target, path, pace.seconds))
    }
  }
  return targets.map((target) => medians(target.name, samples.get(target) ?? []))
}
