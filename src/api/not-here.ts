/** Platform paths of Cloud Elements that this product does not have, by the start of the path. */
const absent: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\/formulas(\/|$)/, 'Formulas'],
  [/\/identity-providers(\/|$)|^\/authentication\/saml(\/|$)/, 'SAML'],
  [/\/branding(\/|$)/, 'Branding'],
  [/^\/integrations(\/|$)/, 'Integrations'],
  [/^\/change-management(\/|$)/, 'Change management'],
  [/^\/(catalog-properties|element-products|signup-partners)(\/|$)/, 'Publishing'],
  [/^\/(models|applications)(\/|$)|\/client-sdks(\/|$)/, 'Model tools'],
  [/^\/hubs\/db\/./, 'The db hub'],
  [/\/(roles|privileges)(\/|$)/, 'Roles and privileges'],
  [/\/password-policies(\/|$)/, 'Password policies'],
  [/^\/audit-logs(\/|$)/, 'Audit logs'],
  [/^\/(usage\/analytics|metrics)(\/|$)/, 'Usage analytics'],
]

/** What a path would be in Cloud Elements, when this product leaves it out on purpose. */
export const notHere = (path: string): string | undefined =>
  absent.find(([pattern]) => pattern.test(path))?.[1]
