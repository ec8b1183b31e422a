import type { ErrorRule, Path } from '#src/element/index.ts'

/** What statuses mean (RFC 4918 9 and 11, RFC 9110 15). */
export const webdavErrors: readonly ErrorRule[] = [
  {
    when: { status: [300, 399] },
    as: 'provider-failed',
    retry: 'never',
    fix: 'It sends elsewhere: check that base.url is the WebDAV address itself, with https where the server wants it.',
  },
  {
    when: { status: 400 },
    as: 'provider-refused',
    retry: 'never',
    fix: 'Check the path: a part of it may be a file where a folder is meant.',
  },
  {
    when: { status: 401 },
    as: 'needs-reconnect',
    retry: 'refresh-token',
    fix: 'Check username and password; a Nextcloud with two factors takes an app password only.',
  },
  {
    when: { status: 403 },
    as: 'provider-denied',
    retry: 'never',
    fix: 'The user may not do it, or the address allows it to nobody.',
  },
  { when: { status: 404 }, as: 'provider-not-found', retry: 'never' },
  {
    when: { status: 405 },
    as: 'provider-refused',
    retry: 'never',
    fix: 'The address takes no such call: check that base.url is a WebDAV address, and that path is not a folder where a file is meant.',
  },
  {
    when: { status: 409 },
    as: 'provider-conflict',
    retry: 'never',
    fix: 'A part of the path is a file, or a folder where a file is meant.',
  },
  {
    when: { status: 412 },
    as: 'provider-conflict',
    retry: 'never',
    fix: 'There is a file or folder of that path already: choose another path, or replace it with overwrite=true.',
  },
  { when: { status: 423 }, as: 'provider-conflict', retry: 'never', fix: 'Somebody has locked it.' },
  { when: { status: 429 }, as: 'provider-rate-limited', retry: 'backoff' },
  { when: { status: [502, 504] }, as: 'provider-failed', retry: 'backoff' },
  {
    when: { status: 507 },
    as: 'provider-refused',
    retry: 'never',
    fix: 'The server, or the quota of the user, has no room for it.',
  },
  { when: { status: [400, 499] }, as: 'provider-refused', retry: 'never' },
  { when: { status: [500, 599] }, as: 'provider-failed', retry: 'backoff' },
  { when: {}, as: 'provider-failed', retry: 'never' },
]

/** SabreDAV, on which Nextcloud and ownCloud stand, tells its words so; RFC 4918 16 names conditions only. */
export const webdavErrorWords: readonly Path[] = [
  ['{DAV:}error', '{http://sabredav.org/ns}message'],
  ['{DAV:}error', '{http://sabredav.org/ns}exception'],
]
