import type { Call } from '#src/element/index.ts'

const repeatableMethods: ReadonlySet<string> = new Set(['GET', 'PROPFIND', 'PUT', 'DELETE'])

/** Whether a call may be sent again where nobody knows what became of it: as the element says, else by its method. */
export const isRepeatable = ({ method, repeatable }: Pick<Call, 'method' | 'repeatable'>): boolean =>
  repeatable ?? repeatableMethods.has(method)
