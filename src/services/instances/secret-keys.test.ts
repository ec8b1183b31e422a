import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { isSealedKey, isSecretKey } from './secret-keys.ts'

const [element] = catalogueElements({})
if (element === undefined) throw new Error('no element to test with')

describe('the name of a configuration value', () => {
  it.each([
    ...['username', 'site.address', 'siteAddress', 'event.objects', 'event.notification.enabled'],
    ...['event.notification.callback.url', 'oauth.callback.url', 'oauth.scope', 'filter.response.nulls'],
    ...['bulk.page.size', 'pagination.max', 'base.url', 'subdomain', 'companyId', 'event.poller.urls'],
  ])('%s means something in clear', (key) => {
    expect([isSealedKey(element, key), isSecretKey(element, key)]).toEqual([false, false])
  })

  it.each([
    ...['oauth.api.key', 'oauth.api.secret', 'password', 'access_token', 'accessToken', 'apikey', 'apiKey'],
    ...['passphrase', 'passwd', 'pwd', 'oauth.basic.credentials', 'oauth.user.refresh_token', 'private.key'],
    ...['event.notification.signature.key', 'event.notification.basic.password', 'x-auth', 'Authorization'],
    ...[
      'event.notification.callback.headers',
      'oauth.user.token',
      'accountKey',
      'SESSION',
      'bearer',
      'my.key',
    ],
    ...['site.password', 'filter.token', 'clientkey', 'pin', 'db.connectionString', 'toKey', 'jwt.assertion'],
  ])('%s means a secret', (key) => {
    expect([isSealedKey(element, key), isSecretKey(element, key)]).toEqual([true, true])
  })

  it.each(['my.own', 'flag', 'monkey', 'keyboard', 'key.0', 'author', 'toString'])(
    '%s means something unknown, sealed but readable',
    (key) => {
      expect([isSealedKey(element, key), isSecretKey(element, key)]).toEqual([true, false])
    },
  )
})
