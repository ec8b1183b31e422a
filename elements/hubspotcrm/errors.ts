import type { ErrorRule, OauthRefusal, Path } from '#src/element/index.ts'

/**
 * What HubSpot's replies mean. Source: developers.hubspot.com, "Error handling": `message`, `category`,
 * `correlationId`; a daily limit (`policyName` DAILY) ends at midnight, a rolling one within seconds.
 */
export const hubspotErrors: readonly ErrorRule[] = [
  {
    when: { status: 401 },
    as: 'needs-reconnect',
    retry: 'refresh-token',
    fix: 'Connect the instance again.',
  },
  {
    when: { status: 403 },
    as: 'provider-denied',
    retry: 'never',
    fix: 'Check that the app has the scope and that the person who connected may see the records.',
  },
  { when: { status: 404 }, as: 'provider-not-found', retry: 'never' },
  { when: { status: 409 }, as: 'provider-conflict', retry: 'never' },
  { when: { status: 423 }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: 429, bodyHas: '"policyname":"daily"' }, as: 'provider-rate-limited', retry: 'never' },
  { when: { status: 429 }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: 477 }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: [400, 499] }, as: 'provider-refused', retry: 'never' },
  { when: { status: [500, 599] }, as: 'provider-failed', retry: 'backoff' },
  { when: {}, as: 'provider-failed', retry: 'never' },
]

export const hubspotErrorWords: readonly Path[] = [['message'], ['error_description']]

/**
 * What refusals of the token address mean to a connection: `status` holds HubSpot's code.
 * Source: developers.hubspot.com, "Working with OAuth". What is wrong with the app can be mended there.
 */
export const hubspotRefusals: readonly OauthRefusal[] = [
  { when: { codes: ['BAD_REFRESH_TOKEN', 'EXPIRED_REFRESH_TOKEN', 'BAD_AUTH_CODE'] }, means: 'ended' },
  { when: { codes: ['BAD_CLIENT_ID', 'BAD_CLIENT_SECRET', 'BAD_REDIRECT_URI'] }, means: 'passing' },
  { when: { error: 'invalid_grant' }, means: 'ended' },
]
