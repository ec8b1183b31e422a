import type { ElementJson } from '#src/contract/index.ts'
import type { Element } from '#src/element/index.ts'
import type { Scripts } from '#src/script/index.ts'

/** Whose an element is, and what its hooks run in. */
export interface BuiltOf {
  readonly id: number
  readonly key: string
  readonly organizationId: number
  readonly scripts: Pick<Scripts, 'run'>
}

/**
 * Makes an element of its JSON (spec/contract.md 2.1).
 * @throws AppError `bad-request` naming the member that is wrong or cannot be run here, such as `protocolType`.
 */
export const buildElement = (_json: ElementJson, _of: BuiltOf): Element => {
  throw new Error('not built yet')
}
