import { AppError } from '#src/lib/errors.ts'
import { stripMarkup } from '#src/lib/html.ts'

/** PostgreSQL stores neither the character 0 nor half of a surrogate pair. */
const unstorable = /\0|\p{Surrogate}/u

/** @throws AppError `bad-request` when the database could not hold it. */
export const storable = (field: string, text: string): string => {
  if (!unstorable.test(text)) return text
  throw new AppError('bad-request', `${field}: the character 0 and broken UTF-16 are not allowed in it.`)
}

/** A name without markup (spec/behaviour.md 0, sanitising). @throws AppError `bad-request` when nothing is left. */
export const cleanName = (name: string): string => {
  const text = stripMarkup(storable('name', name)).trim()
  if (text !== '') return text
  throw new AppError('bad-request', 'name: an instance needs a name that is more than markup.')
}

/** Tags without markup; one that was nothing else goes. */
export const cleanTags = (tags: readonly string[]): readonly string[] =>
  tags.map((tag) => stripMarkup(storable('tags', tag)).trim()).filter((tag) => tag !== '')
