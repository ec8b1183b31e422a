import type { ElementJson } from '#src/contract/index.ts'
import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { ownOperations } from './clones.ts'
import { storedDocument } from './document.ts'
import { keyFor } from './key.ts'

/** The element of the catalogue that an exported clone names. @throws AppError `bad-request` where there is none. */
const baseIn = (catalogue: Pick<Catalogue, 'system'>, { clonedFrom }: ElementJson): Element | undefined => {
  if (clonedFrom === undefined || clonedFrom === null) return undefined
  const base = catalogue.system.get(String(clonedFrom))
  if (base !== undefined) return base
  throw new AppError(
    'bad-request',
    `clonedFrom: '${String(clonedFrom).slice(0, 64)}' is no element of this catalogue, so there is nothing to make a clone of.`,
  )
}

/**
 * As what a body of POST /elements is stored.
 * @returns `base`: the element that it is a clone of; undefined: the document says everything.
 * @throws AppError `bad-request` naming the member that is wrong.
 */
export const postedAs = (
  catalogue: Catalogue,
  body: ElementJson,
): { readonly key: string; readonly base: Element | undefined; readonly document: ElementJson } => {
  const key = keyFor(body.key, body.name)
  const base = baseIn(catalogue, body)
  const whole = storedDocument(body, base !== undefined)
  const document =
    base === undefined
      ? whole
      : { ...whole, resources: [...ownOperations(catalogue, base, whole.resources ?? [])] }
  return { key, base, document }
}
