import type { ErrorRule, Path } from '#src/element/index.ts'

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
