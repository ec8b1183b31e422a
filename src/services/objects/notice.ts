import type { WriteResult } from '#src/engine/index.ts'

const namesShown = 40

/** Header blocks have their limits: the first names, and how many more there are. */
export const shortList = (names: readonly string[]): string => {
  const shown = names
    .slice(0, namesShown)
    .map((name) => name.slice(0, 64))
    .join(', ')
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown
}

/** What was done differently from what was asked; undefined: nothing. */
export const noticeOf = (result: Pick<WriteResult, 'ignored' | 'unread'>): string | undefined => {
  const parts = [
    ...(result.ignored.length === 0 ? [] : [`ignored: ${shortList(result.ignored)}`]),
    ...(result.unread === undefined ? [] : [result.unread]),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}
