import { randomBytes, randomUUID } from 'node:crypto'
import { app } from './authorize.ts'
import { Refused } from './errors.ts'
import type { Ask, Operation, Reply, Sandbox } from './operation.ts'
import { sha256, type Token } from './state.ts'

/** A refusal of the token address: HubSpot's code stands in `status`. */
const refuse = (status: string, message: string): Refused =>
  new Refused(400, 'BAD_REQUEST', message, { status })

const required = (form: URLSearchParams, name: string): string => {
  const value = form.get(name) ?? ''
  if (value !== '') return value
  throw refuse(`MISSING_${name.toUpperCase()}`, `missing ${name}`)
}

const issue = ({ clock, state, tokenSeconds }: Sandbox, token: Token, refreshToken: string): Reply => {
  const accessToken = randomBytes(48).toString('base64url')
  const expiresAt = clock.now() + tokenSeconds * 1_000
  state.happened({ kind: 'access', hash: sha256(accessToken), token: { ...token, expiresAt } })
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      token_type: 'bearer',
      refresh_token: refreshToken,
      access_token: accessToken,
      expires_in: tokenSeconds,
    },
  }
}

const byCode = (sandbox: Sandbox, form: URLSearchParams): Reply => {
  const { state, clock } = sandbox
  const hash = sha256(required(form, 'code'))
  const redirectUri = required(form, 'redirect_uri')
  const code = state.codes.get(hash)
  if (code === undefined || code.expiresAt <= clock.now())
    throw refuse('BAD_AUTH_CODE', 'missing or unknown auth code')
  if (code.redirectUri !== redirectUri) throw refuse('BAD_REDIRECT_URI', 'missing or invalid redirect uri')
  state.happened({ kind: 'code-used', hash })
  const refreshToken = randomUUID()
  const token: Token = { client: code.client, login: code.login, scope: code.scope, expiresAt: null }
  state.happened({ kind: 'refresh', hash: sha256(refreshToken), token })
  return issue(sandbox, token, refreshToken)
}

const byRefresh = (sandbox: Sandbox, form: URLSearchParams): Reply => {
  const refreshToken = required(form, 'refresh_token')
  const token = sandbox.state.refresh.get(sha256(refreshToken))
  if (token === undefined) throw refuse('BAD_REFRESH_TOKEN', 'missing or invalid refresh token')
  return issue(sandbox, token, refreshToken)
}

const grantToken = (sandbox: Sandbox, { body, headers }: Ask): Reply => {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
    throw new Refused(415, 'VALIDATION_ERROR', 'the body must be application/x-www-form-urlencoded')
  const form = new URLSearchParams(body)
  const kind = required(form, 'grant_type')
  if (required(form, 'client_id') !== app.key) throw refuse('BAD_CLIENT_ID', 'missing or invalid client id')
  if (required(form, 'client_secret') !== app.secret)
    throw refuse('BAD_CLIENT_SECRET', 'missing or invalid client secret')
  if (kind === 'authorization_code') return byCode(sandbox, form)
  if (kind === 'refresh_token') return byRefresh(sandbox, form)
  throw refuse('BAD_GRANT_TYPE', 'missing or unknown grant type')
}

/** Follows: developers.hubspot.com, Working with OAuth; the published client, TokensApi. Not compared with the page. */
export const tokenOperation: Operation = {
  name: 'oauth.token',
  method: 'POST',
  path: '/oauth/v1/token',
  access: 'open',
  run: grantToken,
}
