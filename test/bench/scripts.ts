import { setTimeout as sleep } from 'node:timers/promises'
import type { Goal } from './goal.ts'
import { table } from './goal.ts'
import { hostileNames } from './mapped-resources.ts'
import { loadTarget, median, type Pace } from './measure.ts'
import type { Field, Target } from './targets.ts'

/** Calls without a script beside common resources whose scripts loop, allocate, recurse and throw. */
export interface ScriptFindings {
  /** Medians over the rounds, ms: beside as many calls without a script, and beside hostile ones. */
  readonly aloneMs: number
  readonly besideMs: number
  /** Hostile calls of all rounds, and of these the ones whose answer says so. */
  readonly calls: number
  readonly told: number
}

const callEveryMs = 1_000

/** Calls each of the resources again and again until it is stopped. */
const startCalls = ({ port, headers }: Target, resources: readonly string[]) => {
  let running = true
  let calls = 0
  let told = 0
  const loops = resources.map(async (resource, at) => {
    await sleep((callEveryMs * at) / resources.length)
    while (running) {
      const url = `http://127.0.0.1:${port}/elements/api-v2/hubs/expense/${resource}?pageSize=100`
      const answer = await fetch(url, { headers })
      if (answer.status !== 200) throw new Error(`${resource} was answered with ${answer.status}`)
      await answer.arrayBuffer()
      calls += 1
      if (answer.headers.has('elements-error')) told += 1
      await sleep(callEveryMs)
    }
  })
  return async () => {
    running = false
    await Promise.all(loops)
    return { calls, told }
  }
}

export const measureScripts = async (field: Field, pace: Pace): Promise<ScriptFindings> => {
  const product = field.targets.find(({ name }) => name === 'Amalgam')
  if (product === undefined) throw new Error('the product does not run')
  const harmless = hostileNames.map(() => 'mapped')
  const found = { alone: [] as number[], beside: [] as number[], calls: 0, told: 0 }
  for (let round = 0; round < pace.rounds; round += 1)
    for (const which of round % 2 === 0 ? (['alone', 'beside'] as const) : (['beside', 'alone'] as const)) {
      const stop = startCalls(product, which === 'alone' ? harmless : hostileNames)
      const { p50Ms } = await loadTarget(field.load, product, 'one', pace.seconds * 2)
      found[which].push(p50Ms)
      const { calls, told } = await stop()
      if (which === 'beside') Object.assign(found, { calls: found.calls + calls, told: found.told + told })
    }
  const { calls, told } = found
  return { aloneMs: median(found.alone), besideMs: median(found.beside), calls, told }
}

export const scriptTable = ({ aloneMs, besideMs, calls, told }: ScriptFindings): string => {
  const title = '### Calls of one record beside hostile scripts'
  const rows = table(
    ['', 'p50 ms'],
    [
      [`beside ${hostileNames.length} callers of a mapped page without a script`, aloneMs.toFixed(2)],
      ['beside as many whose scripts loop, allocate, recurse or throw', besideMs.toFixed(2)],
    ],
  )
  return `${title}\n\n${rows}\n\n${told} of ${calls} hostile calls were answered with rows without the script and \`Elements-Error\`.`
}

export const scriptGoals = ({ aloneMs, besideMs, calls, told }: ScriptFindings): readonly Goal[] => [
  { what: 'p50 of a call beside hostile scripts', is: besideMs / aloneMs, limit: 2, unit: 'x without' },
  { what: 'hostile calls that tell it', is: told / calls, limit: 1, lowest: true, unit: '' },
]
