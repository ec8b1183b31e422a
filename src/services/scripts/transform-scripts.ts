import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { findHarm } from '#src/lib/json-harm.ts'
import type { Later } from '#src/lib/later.ts'
import type { ScriptOutcome, Scripts } from '#src/script/index.ts'
import type { LeveledScript, MappingPlan } from '../mapping/index.ts'
import { answersOf, handedOver, pick, putBack } from './handed-over.ts'
import { clausesOf, withValues } from './where-clauses.ts'

export type TransformScripts = ReturnType<typeof createTransformScripts>

/** One use of a transformation. */
export interface ScriptRun {
  readonly plan: MappingPlan
  /** Whose it is, so that no two customers share a context. */
  readonly owner: string
  /** Whose time on the threads it takes. */
  readonly organizationId: number
  /** Told, once for all rows, what the script did wrong. */
  readonly tell: (words: string) => void
  /** Rows that the script fails at are an error, and go nowhere without it. */
  readonly mustWork?: boolean | undefined
}

/** Where this server is, for `configuration`. */
export interface ScriptAddress {
  readonly protocol: string
  readonly host: string
  readonly pathPrefix: string
}

/** What came of a row: a failure in words, or null where the script answered nothing. */
type Made = JsonObject | null | Error

const isEmpty = (value: Json): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)

const madeOf = (
  outcome: ScriptOutcome | undefined,
  row: JsonObject,
  fields: readonly string[] | 'whole',
): Made => {
  if (outcome === undefined || outcome.kind === 'nothing') return null
  if (outcome.kind === 'failed') return new Error(outcome.error)
  const { value, isWatched } = outcome
  if (isJsonObject(value)) {
    const harm = findHarm(value)
    if (harm !== undefined) return new Error(`its answer cannot be passed on: ${harm}`)
    const made = isWatched ? putBack(row, fields, value) : value
    return isEmpty(made) ? null : made
  }
  if (isEmpty(value)) return null
  return new Error('it answered no object')
}

const withoutScript = { fromVendor: 'shown', toVendor: 'sent', toNew: 'sent' } as const

/** Runs the scripts of transformations. A failure leaves a row as it is mapped, and is told. */
export const createTransformScripts = (need: {
  readonly scripts: Scripts
  readonly address: ScriptAddress
}) => {
  /**
   * The secrets have their names and no value: a script can call nobody with them, and it runs in the calls of others
   * than who wrote it, whose secrets it could put into a row that both can read.
   */
  const configuration = {
    ...need.address,
    userSecret: null,
    organizationSecret: null,
    elementInstanceToken: null,
  }

  const scripted = async (
    { plan, owner, organizationId, tell, mustWork = false }: ScriptRun,
    script: LeveledScript,
    direction: keyof typeof withoutScript,
    originals: readonly JsonObject[],
    rows: readonly JsonObject[],
  ): Promise<readonly (JsonObject | null)[]> => {
    const { original, transformed, configuration: asksConfiguration } = handedOver(script)
    const transformedObject = rows.map((row) => pick(row, transformed))
    const shared = {
      fromVendor: direction === 'fromVendor',
      isWhere: false,
      configuration: asksConfiguration ? configuration : null,
    }
    const outcomes = await need.scripts.run({
      owner,
      organizationId,
      body: script.body,
      answers: answersOf(script),
      watched: 'transformedObject',
      ...(original === undefined
        ? { each: { transformedObject }, shared: { originalObject: null, ...shared } }
        : {
            each: { originalObject: originals.map((row) => pick(row, original)), transformedObject },
            shared,
          }),
    })
    let failed = 0
    let words = ''
    const made = rows.map((row, at) => {
      const one = madeOf(outcomes[at], row, transformed)
      if (!(one instanceof Error)) return one
      if (failed === 0) words = one.message
      failed += 1
      return row
    })
    if (failed > 0) {
      const which = rows.length === 1 ? 'The record is' : `${failed} of ${rows.length} records are`
      const told = `script of ${plan.objectName}: ${words}. ${which} `
      if (mustWork) throw new AppError('bad-request', `${told}not ${withoutScript[direction]} without it.`)
      tell(`${told}${withoutScript[direction]} without it`)
    }
    return made
  }

  return {
    /**
     * Rows mapped in a direction, and scripted where the transformation has a script; at once where it has none.
     * @returns null for a row for which the script answered nothing, or an empty object.
     * @throws AppError `bad-request` with the script's words, where it must work and fails for a row.
     */
    rows: (
      run: ScriptRun,
      direction: keyof typeof withoutScript,
      originals: readonly JsonObject[],
    ): Later<readonly (JsonObject | null)[]> => {
      const { script } = run.plan
      const rows = originals.map(run.plan[direction])
      if (script === undefined || rows.length === 0) return rows
      return scripted(run, script, direction, originals, rows)
    },
    /**
     * A query in common names, its values as the script makes them where it is to
     * (spec/contract.md 8, `applyJSOnQueryFieldValue`).
     * @throws AppError `bad-query`, with position where it is no query.
     */
    where: async ({ plan, owner, organizationId, tell }: ScriptRun, where: string): Promise<string> => {
      const { script, scriptsWhere } = plan
      const clauses = scriptsWhere ? clausesOf(where) : []
      if (script === undefined || clauses.length === 0) return where
      const object = {
        where: clauses.map(({ attribute, operator, value }) => ({ attribute, operator, value })),
      }
      const [outcome] = await need.scripts.run({
        owner: `${owner}/where`,
        organizationId,
        body: script.body,
        answers: answersOf(script),
        each: { originalObject: [object], transformedObject: [object] },
        shared: { fromVendor: false, isWhere: true, configuration },
      })
      try {
        if (outcome?.kind === 'answer') return withValues(where, outcome.value)
        throw new Error(outcome?.kind === 'failed' ? outcome.error : 'it answered nothing')
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error)
        tell(`script of ${plan.objectName}: ${words}. The query is asked without it`)
        return where
      }
    },
  }
}
