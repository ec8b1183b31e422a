import { type Auth, type Element, hasConsent, type Principal } from '#src/element/index.ts'
import { type Connection, eitherPrincipal } from './connection.ts'

/** Whose grant is meant, as `authentication` of an instance names it. */
export const ofWhom: Readonly<Record<Principal, string>> = {
  user: 'of a person (principal user)',
  company: 'of a company (principal company)',
}

const either = (words: readonly string[]): string => words.join(' or ')

/** What a connection of this login takes: configuration keys, and a consent's code. */
const takenBy = ({ config }: Element, auth: Auth): string => {
  const { type } = auth
  const keys = config
    .filter(({ required, onlyFor }) => required && onlyFor?.includes(type) === true)
    .map(({ key }) => `configuration ${key}`)
  return [...keys, ...(hasConsent(auth) ? ['providerData.code of a consent'] : [])].join(', ')
}

/** How the grant of a principal is added, by the first login that is not discouraged; with a blank before it. */
export const howToAdd = (element: Element, principal: Principal, instanceId: number): string => {
  const auth = element.auth.find((one) => one.principal === principal && one.discouraged === undefined)
  return auth === undefined
    ? ''
    : ` Add it: PATCH /instances/${instanceId} with ${takenBy(element, auth)} (${auth.title}).`
}

/** What the vendor documents for a call. */
interface Documented {
  readonly principals?: readonly Principal[] | undefined
  readonly scopes?: readonly string[] | undefined
}

const missingGrant = (connection: Connection, documented: readonly Principal[]): string => {
  const { element, instanceId } = connection
  const [first = 'user'] = documented
  const wanted = either(documented.map((principal) => ofWhom[principal]))
  return `${element.title} documents this call for the grant ${wanted}, which instance ${instanceId} does not have.${howToAdd(element, first, instanceId)}`
}

const missingScope = (connection: Connection, principal: Principal, scopes: readonly string[]): string =>
  `The grant ${ofWhom[principal]} lacks the scope ${either(scopes)}. Have it registered with the application, ask for it (oauth.scope of a consent), and connect again: PATCH /instances/${connection.instanceId}.`

/** Whether the grant that signs is known to have none of the scopes that the vendor documents. */
export const lacksScope = (
  connection: Connection,
  { principals = eitherPrincipal, scopes = [] }: Documented,
): boolean => {
  const granted = connection.scopesOf(principals)
  return scopes.length > 0 && granted.length > 0 && !scopes.some((scope) => granted.includes(scope))
}

/**
 * Why a call may have been denied, as far as that is known: the grant that the vendor documents for it is not there,
 * or the one that there is has none of the scopes; and what to do. Undefined: neither.
 */
export const missingFor = (connection: Connection, documented: Documented): string | undefined => {
  const { principals = eitherPrincipal, scopes = [] } = documented
  const signer = connection.principalOf(principals)
  const missing = [
    ...(principals.includes(signer) ? [] : [missingGrant(connection, principals)]),
    ...(lacksScope(connection, documented) ? [missingScope(connection, signer, scopes)] : []),
  ]
  return missing.length === 0 ? undefined : missing.join(' ')
}
