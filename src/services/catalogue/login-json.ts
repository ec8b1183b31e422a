import { type Auth, configOf } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { configurationJson } from './element-json.ts'
import type { ListedElement } from './listed.ts'

const loginJson = ({ type, title, about, principal }: Auth) => ({
  type,
  name: title,
  description: about,
  principal,
})

/** The logins of an element, the usual one first (spec/contract.md 2.1, authentication-types). */
export const loginsJson = ({ auth }: ListedElement) => auth.map(loginJson)

/** The configuration keys of one login. @throws AppError `not-found` naming those that there are. */
export const loginConfigurationJson = (element: ListedElement, type: string) => {
  const found = element.auth.find((auth) => auth.type.toLowerCase() === type.toLowerCase())
  if (found === undefined)
    throw new AppError(
      'not-found',
      `No authentication type found with name ${type.slice(0, 64)}. There are: ${element.auth.map((auth) => auth.type).join(', ')}`,
    )
  const others = configOf(element).filter(
    ({ onlyFor }) => onlyFor !== undefined && !onlyFor.includes(found.type),
  )
  return configurationJson(element).filter(({ key }) => !others.some((field) => field.key === key))
}
