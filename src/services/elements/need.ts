import type { Vault } from '#src/lib/secret.ts'
import type { Store, Tables } from '#src/store/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Instances } from '../instances/index.ts'

export interface ElementsNeed {
  readonly store: Store
  readonly vault: Vault
  readonly catalogue: Catalogue
  readonly instances: Pick<Instances, 'changeElements'>
}

/** Numbers for new parts of a document. */
export const itemIds =
  ({ elements }: Pick<Tables, 'elements'>) =>
  (count: number): Promise<readonly number[]> =>
    elements.nextItemIds(count)
