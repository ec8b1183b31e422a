import type { ElementHookJson, ElementJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'

/** A hook as it is stored: of the new engine, unless it says that it is legacy. */
export const storedHook = (hook: ElementHookJson): ElementHookJson => ({
  ...hook,
  isLegacy: hook.isLegacy ?? false,
  mimeType: hook.mimeType ?? 'application/javascript',
})

const hooksOf = ({ hooks, resources }: ElementJson): readonly ElementHookJson[] => [
  ...(hooks ?? []),
  ...(resources ?? []).flatMap((resource) => resource.hooks ?? []),
]

/**
 * A hook of the new engine does not become one of the legacy one (spec/behaviour.md 4).
 * @throws AppError `bad-request`.
 */
export const refuseLegacyAgain = (before: ElementJson, next: ElementJson): void => {
  const known = new Map(hooksOf(before).map((hook) => [hook.id, hook.isLegacy === true]))
  const back = hooksOf(next).find((hook) => hook.isLegacy === true && known.get(hook.id) === false)
  if (back === undefined) return
  throw new AppError(
    'bad-request',
    `isLegacy: hook ${back.id} is of the new engine, and does not go back to the legacy one. Send false.`,
  )
}
