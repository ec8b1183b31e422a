import type {
  CodedMigration,
  CodedRefresh,
  CodedReply,
  ConsentInput,
  MigrationReply,
  OauthClient,
  OauthCoded,
  Site,
  TokenPort,
} from '#src/element/index.ts'
import { readGrant, readWords } from './reply.ts'

/**
 * The deprecated framework `/net2/oauth2`, for tenants that still hold its tokens.
 * Source: SAP Concur "Authorization (pre-2017)" and its steps, spec/concur.md 1.1; "Migration guide", 1.4.
 */

const xml = { accept: 'application/xml' }

/** Scopes of an expense hub in the old names, separated by commas. */
const scopes = 'EXPRPT,USER,LIST,CONFIG,ATTEND,IMAGE'

const consentUrl = (site: Site, { apiKey, callbackUrl, state, scope }: ConsentInput): string => {
  const query = new URLSearchParams({
    client_id: apiKey,
    scope: (scope ?? scopes)
      .trim()
      .split(/[\s,]+/)
      .join(','),
    redirect_uri: callbackUrl,
    response_type: 'code',
    state,
  })
  return `${site.authorizeUrl}/net2/oauth2/Login.aspx?${query.toString().replaceAll('+', '%20')}`
}

const tokenUrl = (baseUrl: string, query: Readonly<Record<string, string>>): string =>
  `${baseUrl}/net2/oauth2/GetAccessToken.ashx?${new URLSearchParams(query).toString()}`

/** Base64 of a text's UTF-8 (RFC 7617). */
const basic = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

const named = ({ apiKey, apiSecret }: OauthClient) => ({ client_id: apiKey, client_secret: apiSecret })

const refresh = async (port: TokenPort, input: CodedRefresh): Promise<CodedReply> => {
  const { client, baseUrl, accessToken, refreshToken } = input
  if (refreshToken === null) {
    return {
      refused: { status: 400, words: 'no refresh token was given with this connection', means: 'ended' },
    }
  }
  const reply = await port.send({
    method: 'GET',
    url: tokenUrl(baseUrl, { refresh_token: refreshToken, ...named(client) }),
    headers: { ...xml, authorization: `OAuth ${accessToken}` },
  })
  return readGrant(reply, true)
}

const revoke: OauthCoded['revoke'] = (port, { baseUrl, accessToken }) =>
  port.send({
    method: 'POST',
    url: `${baseUrl}/net2/oauth2/revoketoken.ashx?${new URLSearchParams({ token: accessToken }).toString()}`,
    headers: { ...xml, authorization: `OAuth ${accessToken}` },
    body: '',
  })

interface MigrationFields {
  readonly token?: unknown
  readonly code?: unknown
  readonly message?: unknown
}

const parsed = (text: string): MigrationFields => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** The page names the old refresh token and its example shows an access token: the other one is tried too. */
const migrate = async (port: TokenPort, input: CodedMigration): Promise<MigrationReply> => {
  const { oldClient, client, site, applicationToken, accessToken, refreshToken, principal } = input
  const query = principal === 'company' ? '?returnType=companyToken' : ''
  const url = `${site.apiUrl}/appmgmt/v0/legacyApps/${encodeURIComponent(oldClient.apiKey)}/exchangeRefreshToken/me${query}`
  const ask = async (token: string): Promise<MigrationReply> => {
    const { status, text } = await port.send({
      method: 'POST',
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${applicationToken}`,
      },
      body: JSON.stringify({ token, secret: client.apiSecret }),
    })
    const fields = parsed(text)
    if (status < 300 && typeof fields.token === 'string' && fields.token !== '') {
      return { migrated: { refreshToken: fields.token } }
    }
    const code = typeof fields.code === 'string' ? ` (${fields.code})` : ''
    const words = typeof fields.message === 'string' ? fields.message : readWords({ status, text })
    return { refused: { status: status < 300 ? 502 : status, words: `${words}${code}`, means: 'passing' } }
  }
  const first = await ask(refreshToken ?? accessToken)
  const wrongToken = 'refused' in first && first.refused.words.includes('INVALIDTOKEN')
  return wrongToken && refreshToken !== null ? ask(accessToken) : first
}

export const legacy: OauthCoded = {
  kind: 'coded',
  why: 'The old framework answers in XML, refreshes by GET with both secrets in the query and the old token in a header, and revokes one token.',
  type: 'legacy',
  title: 'The deprecated framework (/net2/oauth2)',
  principal: 'user',
  about:
    'For companies whose application still lives on the old framework; SAP Concur takes no new ones there.',
  who: 'Anybody with a SAP Concur login, on an application of the old framework.',
  scheme: 'OAuth',
  generation: 'v3',
  consentUrl,
  exchange: async (port, { site, client, code }) =>
    readGrant(
      await port.send({
        method: 'GET',
        url: tokenUrl(site.tokenUrl, { code, ...named(client) }),
        headers: xml,
      }),
      false,
    ),
  native: {
    usernameKey: 'concur.user.login',
    passwordKey: 'concur.user.password',
    exchange: async (port, { site, client, username, password }) =>
      readGrant(
        await port.send({
          method: 'GET',
          url: `${site.tokenUrl}/net2/oauth2/accesstoken.ashx`,
          headers: {
            ...xml,
            authorization: `Basic ${basic(`${username}:${password}`)}`,
            'x-consumerkey': client.apiKey,
          },
        }),
        false,
      ),
  },
  refresh,
  revoke,
  migrate,
  steps: [
    'Only for companies that still hold such an application: SAP Concur has registered none since 2021.',
    'Enter its consumer key and secret, sign in at SAP Concur and approve.',
    'Move it to the current framework with POST /instances/{id}/migrate-authentication as soon as a new application is registered.',
  ],
}
