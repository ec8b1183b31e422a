const escaped = (part: string): string => part.replace(/[%~]/g, (found) => (found === '%' ? '%25' : '%7E'))

/** The id of a row that is made of several fields (`Resource.keyOf`): its parts, joined by `~`. */
export const joinKey = (parts: readonly string[]): string => parts.map(escaped).join('~')

/** The parts of such an id. */
export const splitKey = (id: string): readonly string[] =>
  id.split('~').map((part) => part.replaceAll('%7E', '~').replaceAll('%25', '%'))
