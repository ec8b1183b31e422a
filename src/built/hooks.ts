import type { ElementHookJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { Scripts } from '#src/script/index.ts'

/** Where hooks of an element run, and whose time they take. */
export interface HookPlace {
  readonly scripts: Pick<Scripts, 'run'>
  readonly organizationId: number
  /** Owner of the sandbox's contexts. */
  readonly owner: string
}

/** What a hook answers that changes something; other names are ignored. */
export type HookAnswer = JsonObject

const isLegacy = ({ isLegacy: legacy }: ElementHookJson): boolean => legacy === true

/**
 * Runs one hook with named values (spec/contract.md 2.1, hooks).
 * @returns what it answered; an empty object for nothing.
 * @throws AppError `bad-request` with the words of its failure.
 */
export const runHook = async (
  { scripts, organizationId, owner }: HookPlace,
  hook: ElementHookJson,
  operation: string,
  values: Readonly<Record<string, Json>>,
): Promise<HookAnswer> => {
  const legacy = isLegacy(hook)
  const names = Object.keys(values)
  const [outcome] = await scripts.run({
    owner: `${owner}/${operation}/${hook.type}/${hook.id ?? 0}`,
    organizationId,
    body: hook.body,
    answers: legacy ? 'return' : 'done',
    // A legacy hook may write into what it gets; values of `each` are its own.
    ...(legacy
      ? { each: Object.fromEntries(names.map((name) => [name, [values[name] ?? null]])), shared: {} }
      : { each: { hook_run: [0] }, shared: values }),
  })
  if (outcome === undefined || outcome.kind === 'nothing') return {}
  if (outcome.kind === 'failed')
    throw new AppError('bad-request', `${hook.type} hook of ${operation}: ${outcome.error}.`)
  if (isJsonObject(outcome.value)) return outcome.value
  if (outcome.value === null || outcome.value === true) return {}
  if (outcome.value === false) return { continue: false }
  throw new AppError('bad-request', `${hook.type} hook of ${operation}: it answered no object.`)
}
