import type { Json } from '#src/lib/json.ts'
import {
  type Answered,
  type EntryAsked,
  type EntryTold,
  limits,
  runsAtOnce,
  type ScriptCall,
  type ScriptOutcome,
} from './script-call.ts'
import { createThreads } from './threads.ts'

export type Scripts = ReturnType<typeof createScripts>

const seconds = (ms: number): string => `${ms / 1000} s`

/** What stops a script, and is likely to do so again. */
const stops: ReadonlySet<string> = new Set(['time', 'memory', 'broken'])

/** A script that was stopped is left alone so long, for it holds a thread that others wait for. */
const restMs = 10_000

const failures: Readonly<Record<string, string>> = {
  time: `it took longer than ${seconds(limits.entryMs)}`,
  memory: `it took more memory than ${limits.heapBytes / 1024 / 1024} MB`,
  size: `it answered more than ${limits.answerBytes / 1024 / 1024} MB`,
  broken: 'it broke the sandbox',
  busy: `the sandbox is busy: it waited ${seconds(limits.waitMs)} for other scripts, of which an organization runs one at a time`,
}

const outcomeOf = (answered: Answered): ScriptOutcome => {
  if (typeof answered === 'string') return { kind: 'failed', error: answered }
  const [value, watched] = answered
  return value === undefined ? { kind: 'nothing' } : { kind: 'answer', value, isWatched: watched === 1 }
}

const outcomesOf = (told: EntryTold, count: number): readonly ScriptOutcome[] => {
  if ('text' in told) return (JSON.parse(told.text) as Answered[]).map(outcomeOf)
  const error = failures[told.failed] ?? told.words
  return Array.from({ length: count }, () => ({ kind: 'failed', error }))
}

/** The entries of a call, each of its runs in one. */
const entriesOf = (call: ScriptCall): readonly { readonly asked: EntryAsked; readonly count: number }[] => {
  const { owner, organizationId, body, answers, watched, each, shared } = call
  const eachNames = Object.keys(each)
  const sharedNames = Object.keys(shared)
  const columns: readonly (readonly Json[])[] = Object.values(each)
  const runs = columns[0]?.length ?? 0
  return Array.from({ length: Math.ceil(runs / runsAtOnce) }, (_, entry) => {
    const from = entry * runsAtOnce
    const count = Math.min(runsAtOnce, runs - from)
    const parts = runs <= runsAtOnce ? columns : columns.map((column) => column.slice(from, from + count))
    const values = JSON.stringify([count, parts, Object.values(shared)])
    const asked = { owner, organizationId, body, answers, eachNames, sharedNames, values }
    return { count, asked: watched === undefined ? asked : { ...asked, watched } }
  })
}

/** Runs scripts of customers, in threads of their own that are started when first needed. */
export const createScripts = () => {
  const threads = createThreads()
  /** When scripts that were stopped may run again, by owner. */
  const resting = new Map<string, { readonly body: string; readonly untilMs: number }>()

  const isResting = ({ owner, body }: EntryAsked): boolean => {
    const found = resting.get(owner)
    if (found === undefined) return false
    if (found.body === body && found.untilMs > performance.now()) return true
    resting.delete(owner)
    return false
  }

  const enter = async (asked: EntryAsked, count: number): Promise<readonly ScriptOutcome[]> => {
    if (isResting(asked)) {
      const error = `it was stopped a moment ago and is left alone for ${seconds(restMs)}`
      return Array.from({ length: count }, () => ({ kind: 'failed', error }))
    }
    const told = await threads.enter(asked)
    if ('failed' in told && stops.has(told.failed))
      resting.set(asked.owner, { body: asked.body, untilMs: performance.now() + restMs })
    return outcomesOf(told, count)
  }

  return {
    /**
     * Runs a body once for each item, and never throws for what it does: an outcome for each, in their order. Where it
     * takes too long or too much memory, none of that entry has an answer.
     */
    run: async (call: ScriptCall): Promise<readonly ScriptOutcome[]> => {
      const outcomes: ScriptOutcome[] = []
      for (const { asked, count } of entriesOf(call)) outcomes.push(...(await enter(asked, count)))
      return outcomes
    },
    /** Ends the threads; what runs has no answer. */
    close: threads.close,
  }
}
