/** Platform paths of Cloud Elements that this product does not have, by the start of the path. */
const absent: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\/formulas(\/|$)/, 'Formulas'],
  [/\/identity-providers(\/|$)|^\/authentication\/saml(\/|$)/, 'SAML'],
  [/\/branding(\/|$)/, 'Branding'],
  [/^\/integrations(\/|$)/, 'Integrations'],
  [/^\/change-management(\/|$)/, 'Change management'],
  [/^\/(catalog-properties|element-products|signup-partners)(\/|$)/, 'Publishing'],
  [/^\/(models|applications)(\/|$)|\/client-sdks(\/|$)/, 'Model tools'],
  [/^\/elements\/convert(\/|$)/, 'Elements made of descriptions of APIs'],
  [/^\/hubs\/db\/./, 'The db hub'],
  [/\/(roles|privileges)(\/|$)/, 'Roles and privileges'],
  [/\/password-policies(\/|$)/, 'Password policies'],
  [/^\/audit-logs(\/|$)/, 'Audit logs'],
  [/^\/(usage\/analytics|metrics)(\/|$)/, 'Usage analytics'],
]

/** One question for all: nearly every path is none of these. */
const anyAbsent = new RegExp(absent.map(([{ source }]) => source).join('|'))

/** What a path would be in Cloud Elements, when this product leaves it out on purpose. */
export const notHere = (path: string): string | undefined =>
  anyAbsent.test(path) ? absent.find(([pattern]) => pattern.test(path))?.[1] : undefined
