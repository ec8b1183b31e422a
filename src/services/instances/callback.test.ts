import { expect, it } from 'vitest'
import { callbackSettings } from './callback.ts'

const headersOf = (text: string) => callbackSettings({ 'event.notification.callback.headers': text }).headers

it.each([
  ['X-Tenant: north\nX-Shard: 7', { 'x-tenant': 'north', 'x-shard': '7' }],
  ['X-Tenant: north; X-Shard: 7', { 'x-tenant': 'north', 'x-shard': '7' }],
  ['{"X-Tenant":"north","X-Shard":7}', { 'x-tenant': 'north', 'x-shard': '7' }],
  ['Cookie: a=1; b=2; X-Shard: 7', { cookie: 'a=1; b=2', 'x-shard': '7' }],
  ['Link: <a>; https://b.example', { link: '<a>; https://b.example' }],
])('headers of a callback are read from %j', (text, headers) => {
  expect(headersOf(text)).toEqual(headers)
})

it.each([
  'TE',
  'Trailer',
  'Expect',
  'Keep-Alive',
  'Upgrade',
  'Proxy-Connection',
  'Host',
  'Webhook-Id',
  'a b',
])('a callback does not get %s from the configuration', (name) =>
  expect(headersOf(JSON.stringify({ [name]: 'x', 'x-own': 'y' }))).toEqual({ 'x-own': 'y' }),
)

it('a value that no header may have is left out: each delivery would fail for it', () => {
  expect(headersOf('X-Name: \u0141\u00f3d\u017a\nX-City: M\u00fcnchen')).toEqual({ 'x-city': 'M\u00fcnchen' })
})
