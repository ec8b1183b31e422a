import type { ErrorRule, OauthRefusal, Path } from '#src/element/index.ts'

/**
 * What Concur's replies mean. Source: SAP Concur "HTTP status codes" and the error shapes of
 * spec/concur.md 2.3: an expired or revoked token answers 401 or 403, and 400 may mean that the rate
 * was exceeded.
 */
export const concurErrors: readonly ErrorRule[] = [
  {
    when: { status: 401 },
    as: 'needs-reconnect',
    retry: 'refresh-token',
    fix: 'Connect the instance again.',
  },
  {
    when: { status: 403 },
    as: 'provider-denied',
    retry: 'refresh-token',
    fix: "Check that the connected person has the role for it (for other people's reports: Web Services Administrator, on Standard edition Can Administer) and that the application has the scope.",
  },
  { when: { status: 404 }, as: 'provider-not-found', retry: 'never' },
  { when: { status: 409 }, as: 'provider-conflict', retry: 'never' },
  { when: { status: 429 }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: 400, bodyHas: 'rate limit' }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: 400, bodyHas: 'rate exceeded' }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: [400, 499] }, as: 'provider-refused', retry: 'never' },
  { when: { status: [500, 599] }, as: 'provider-failed', retry: 'backoff' },
  { when: {}, as: 'provider-failed', retry: 'never' },
]

const first = { where: {} }

/** Where each family of APIs keeps its words: v3, v4 expense, List v4, Request v4, SCIM, OAuth, Budget. */
export const concurErrorWords: readonly Path[] = [
  ['Error', 'Message'],
  ['error', 'message'],
  ['errorMessage'],
  ['errors', first, 'errorMessage'],
  ['detail'],
  ['errorMessageList', first, 'errorMessage'],
  ['error_description'],
  ['Message'],
  ['message'],
]

/**
 * What refusals of the token address mean to a connection. Source: SAP Concur "Authentication", table of
 * error codes, spec/concur.md 1.2. 10 and 11: account disabled; 105: another client's grant; 107: the
 * application may not renew; 108: refresh token bad or expired; 123: principal disabled; 16: the person
 * lives in another data centre. 12, 13, 14, 20 and 60 are `invalid_grant` too, yet about a logon, a lock, an
 * IP rule or the application's settings, which pass or can be mended without a new consent.
 */
export const concurRefusals: readonly OauthRefusal[] = [
  { when: { codes: [16] }, means: 'elsewhere' },
  { when: { codes: [10, 11, 105, 107, 108, 123] }, means: 'ended' },
  { when: { codes: [12, 13, 14, 20, 60] }, means: 'passing' },
  { when: { error: 'invalid_grant' }, means: 'ended' },
]
