import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { howStarted } from '../support/how-started.ts'

/** A process of the benchmark. `told` is what it said when it was ready. */
export interface Started<Told> {
  readonly pid: number
  readonly child: ChildProcess
  readonly told: Told
  readonly stop: () => Promise<void>
}

const startWithinMs = 60_000
const stopWithinMs = 10_000

const tasksetWorks = (): boolean => {
  if (availableParallelism() < 2) return false
  try {
    execFileSync('taskset', ['-c', '1', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Whether what is measured runs on one core, and the load with the vendor on another. */
export const pinned = tasksetWorks()

/** `free`: on whichever, as all programs of a machine share its cores. */
type Core = 'measured' | 'load' | 'free'

const onCore = (core: Core, command: string, args: readonly string[]): readonly [string, string[]] =>
  pinned && core !== 'free'
    ? ['taskset', ['-c', core === 'measured' ? '0' : '1', command, ...args]]
    : [command, [...args]]

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (ended(child)) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await closed
  clearTimeout(timer)
}

/** The next message of a child. @throws Error when it ends or is silent for too long. */
export const nextMessage = async <Told>(child: ChildProcess, withinMs = startWithinMs): Promise<Told> => {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new Error('a process of the benchmark is silent')), withinMs)
  try {
    const message = once(child, 'message', { signal: stop.signal }).then(([first]) => first as unknown)
    const end = once(child, 'close', { signal: stop.signal }).then(() => {
      throw new Error(`a process of the benchmark ended with ${child.exitCode ?? child.signalCode}`)
    })
    const told = await Promise.race([message, end])
    if (typeof told === 'object' && told !== null && 'failed' in told) throw new Error(String(told.failed))
    return told as Told
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}

/** Starts a Node program of this folder and waits until it says that it is ready. */
export const startNode = async <Told>(
  core: Core,
  file: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Started<Told>> => {
  const [command, all] = onCore(core, process.execPath, [
    ...nodeFlags(file),
    resolve(import.meta.dirname, file),
    ...args,
  ])
  const child = spawn(command, all, {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      UV_THREADPOOL_SIZE: asProduct.threads,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const told = await nextMessage<Told>(child)
  return { pid: child.pid ?? 0, child, told, stop: () => stopChild(child) }
}

const asProduct = howStarted([])
const asWorker = howStarted(['work'])

/**
 * As the product's own script starts Node: what sends deliveries as it starts `work`. `BENCH_PROFILE=product-process.js`
 * writes a CPU profile of that program to .cache/profile.
 */
const nodeFlags = (file: string): readonly string[] => [
  ...(file === 'events/send-process.js' ? asWorker : asProduct).flags,
  ...(process.env['BENCH_PROFILE'] === file ? ['--cpu-prof', '--cpu-prof-dir=.cache/profile'] : []),
]

/** Starts a program that is no Node program; `ready` is asked until it is true. */
export const startProgram = async (
  core: Core,
  command: string,
  args: readonly string[],
  ready: () => Promise<boolean>,
): Promise<Started<undefined>> => {
  const [program, all] = onCore(core, command, args)
  const child = spawn(program, all, { stdio: ['ignore', 'ignore', 'inherit'] })
  const deadline = Date.now() + stopWithinMs
  while (!(await ready())) {
    if (ended(child) || Date.now() > deadline) throw new Error(`${command} did not start`)
    await sleep(20)
  }
  return { pid: child.pid ?? 0, child, told: undefined, stop: () => stopChild(child) }
}

/** Ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const ticksPerSecond = 100

/** The fields of proc_pid_stat(5) from the third on; undefined: there is no such process any more. */
const statOf = (pid: number): readonly string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Fields 14 to 17: user and system time, its own and that of its children which have ended. */
const ticksOf = (stat: readonly string[] | undefined, fields: number): number =>
  (stat ?? []).slice(11, 11 + fields).reduce((sum, ticks) => sum + Number(ticks), 0)

/** CPU seconds, user and system, that a process has used in all its threads. */
export const cpuSeconds = (pid: number): number => ticksOf(statOf(pid), 2) / ticksPerSecond

/** The same of a process together with the processes that it started, those that have ended among them. */
export const familyCpuSeconds = (pid: number): number => {
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const children = others.map((name) => statOf(Number(name))).filter((stat) => Number(stat?.[1]) === pid)
  const ticks = children.reduce((sum, stat) => sum + ticksOf(stat, 2), ticksOf(statOf(pid), 4))
  return ticks / ticksPerSecond
}

/** The first process of the PostgreSQL server of a data folder. */
export const serverPid = async (dataDir: string): Promise<number> => {
  const elsewhere = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => undefined)
  const folder = elsewhere === undefined ? join(dataDir, 'postgres') : elsewhere.trim()
  return Number.parseInt(await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8'), 10)
}
