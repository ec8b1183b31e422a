/** The faults and switches by name, with what each does; the page and the refusal of unknown names print this. */
export const knownFaults = {
  'expire-tokens': 'access tokens live `value` seconds (0: the next call finds its token expired)',
  'rotate-refresh': 'each refresh gives a new refresh token; value `kill-old` (default) or `keep-old`',
  'denied-status': 'expired and revoked tokens answer `value`, 401 or 403, on every path',
  'rate-limit': '429, with Retry-After of `value` seconds when a value is given',
  'rate-limit-date': '429, with a Retry-After that is the date `value` seconds (default 1) from now',
  'rate-limit-400': '400 instead of 429, as old services answer',
  'server-error': 'a failure with status `value` (default 500)',
  slow: 'the reply waits `value` milliseconds (default 1000)',
  'slow-body': 'the body comes in pieces over `value` milliseconds (default 1000)',
  'cut-body': 'the connection ends in the middle of the body',
  'malformed-body': 'the body is half of what it should be and then nonsense; its length is right',
  'cut-connection': 'the connection ends without a reply; value `after` cuts after the work is done',
  'foreign-next-page': 'NextPage names the host `value` (default www.concursolutions.com)',
  'http-next-page': 'NextPage is http: whatever the request was, on the host `value` when given',
  'wrong-geolocation': 'the token address answers error 16 with geolocation `value`',
  'hostile-geolocation': 'token replies carry geolocation `value`, old ones Instance_Url `value`',
  'oauth-error': 'the token address answers the error code `value` of the documented table',
  ids: 'value `strict`: unknown ReportID, ExpenseTypeCode, PaymentTypeID, ListID are refused',
  'list-codes':
    'a code that its list has not: value `keep` keeps it as text, `lose` leaves the field empty; else it is refused',
  principals: 'value `strict`: company-only addresses refuse an administrator’s user token',
  'error-shape': 'v3 errors: value `bare` has the message alone, `void` leaves 400 without a body',
  'update-status': 'v3 updates answer `value`, 200 or 204; neither has a body',
  'failure-in-200': 'payment requests that are refused answer 200 with Status FAILURE inside',
  'collection-key': 'lists of attendees, digests, vendors, banks and groups stand under `Items`',
  'compact-attendee-ids':
    'attendees of an expense are named without hyphens and in capitals, as in the page’s example',
  'one-attendee': 'one attendee comes as a list of one, as in the schema',
  wild: 'serves two v4 addresses of public code: GET …/context/TRAVELER/reports, POST …/reports/ID/expenses',
  'one-group': 'the groups of a company come as one object, as in the page’s example, not as a list',
  'refuse-deprecated': 'deprecated addresses answer 403, as they do to new applications',
  'refresh-expires-in': '`refresh_expires_in` as `value` says: `absent`, `string` or `number`',
  'legacy-names': 'old token replies write `Instance_URL` and `Expiration_Date`',
  'legacy-no-instance': 'old token replies leave out Instance_Url',
  'legacy-no-refresh': 'old token replies leave out Refresh_Token',
  'legacy-new-token':
    'an old refresh gives a new token, not the same one; value `kill-old` (default) or `keep-old`',
  'expires-in-number': '`expires_in` is a number, not a string',
} as const

export type FaultName = keyof typeof knownFaults

/**
 * `operation` limits it to one; `rate` (0 to 1) or `times` says how often; neither: always. A rate strikes evenly, every
 * so many calls, or, with a `seed`, by chance, the same each time.
 */
export interface Fault {
  readonly fault: FaultName
  readonly operation?: string
  readonly rate?: number
  readonly seed?: number
  readonly times?: number
  readonly value?: string | number
}
