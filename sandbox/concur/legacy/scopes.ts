import { splitScope } from '../oauth/scopes.ts'

/**
 * The scopes of the old framework, written with commas between them; the application is registered for all.
 * Follows: developer.concur.com, Authorization before 2017, scopes. Verified: 2026-08
 */
const known = new Set([
  ...['ATTEND', 'CONFIG', 'ERECPT', 'EXPRPT', 'EXTRCT', 'IMAGE', 'INSGHT', 'INVPO', 'ITINER', 'LIST'],
  ...['MTNG', 'PAYBAT', 'TRVPRF', 'TRVREQ', 'TWS', 'USER'],
])

/** What a login without `scope` gets: nothing that the current framework would refuse at migration. */
export const defaultLegacyScope = 'ATTEND CONFIG EXPRPT IMAGE LIST USER'

/** The scopes, with spaces between them; or the first that is not one. */
export const readLegacyScope = (text: string): { readonly scope: string } | { readonly unknown: string } => {
  const scopes = splitScope(text)
  const unknown = scopes.find((scope) => !known.has(scope))
  if (unknown !== undefined) return { unknown }
  return { scope: scopes.length === 0 ? defaultLegacyScope : scopes.join(' ') }
}
