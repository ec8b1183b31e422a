import type { Auth, Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'

/** The configuration key that chooses a login (spec/contract.md 2.1, authentication types). */
export const authTypeKey = 'authentication.type'

/**
 * The login of an element that a configuration chooses.
 * @param type empty or undefined: the element's first.
 * @throws AppError `bad-request` naming those that there are.
 */
export const loginOf = (element: Element, type: string | null | undefined): Auth => {
  const wanted = type?.trim().toLowerCase() ?? ''
  const [first] = element.auth
  if (wanted === '') return first
  const found = element.auth.find((auth) => auth.type.toLowerCase() === wanted)
  if (found !== undefined) return found
  const known = element.auth.map((auth) => auth.type).join(', ')
  throw new AppError(
    'bad-request',
    `configuration.${authTypeKey}: '${wanted.slice(0, 32)}' is none of ${element.title}. Allowed: ${known}.`,
  )
}
