import { type App, appById } from './app.ts'
import { OauthError } from './codes.ts'

/** The application of a form. Follows: developer.concur.com, Authentication, error codes 59 to 64. Verified: 2026-08 */
export const checkClient = (form: URLSearchParams): App => {
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  if (id === null || id === '') throw new OauthError(62)
  if (secret === null || secret === '') throw new OauthError(63)
  const app = appById(id)
  if (app === undefined) throw new OauthError(61)
  if (secret !== app.secret) throw new OauthError(64)
  if (app.disabled) throw new OauthError(59)
  return app
}
