import type { Ask, Sandbox } from '../operation.ts'
import { homeOf, homeUrl } from '../principals.ts'
import type { Principal } from '../state.ts'
import type { App } from './app.ts'
import { OauthError } from './codes.ts'
import type { Grant } from './issue.ts'
import { defaultScope, isRegistered, splitScope } from './scopes.ts'

/** What every grant is given and checks alike. */
export interface GrantAsk {
  readonly sandbox: Sandbox
  readonly ask: Ask
  readonly app: App
  readonly form: URLSearchParams
}

export const required = (form: URLSearchParams, name: string, code: number): string => {
  const value = form.get(name)
  if (value === null || value === '') throw new OauthError(code)
  return value
}

/** The wished scope when all of it is allowed, else error 54. */
export const narrow = (
  wished: string | null,
  allows: (scope: string) => boolean,
  otherwise: string,
): string => {
  const scopes = splitScope(wished ?? '')
  if (scopes.length === 0) return otherwise
  if (!scopes.every(allows)) throw new OauthError(54)
  return scopes.join(' ')
}

/** What was asked for of all that the application is registered for. */
export const wishedScope = (form: URLSearchParams): string =>
  narrow(form.get('scope'), isRegistered, defaultScope)

export const whole = (principal: Principal, scope: string): Grant => ({
  ...{ principal, scope, fullScope: scope },
  refreshToken: null,
})

export const checkEnabled = (app: App, principal: Principal): void => {
  const home = homeOf(principal)
  if (home !== null && !app.companies.includes(home)) throw new OauthError(53)
}

/**
 * Error 16, with where to ask instead, when the principal lives elsewhere; 53 when its company did not
 * enable the application.
 */
export const checkHome = ({ ask, app }: GrantAsk, principal: Principal): void => {
  const home = homeOf(principal)
  if (home !== null && home !== ask.dataCentre) throw new OauthError(16, homeUrl(ask, principal))
  checkEnabled(app, principal)
}
