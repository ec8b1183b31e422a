import { expect, test } from 'vitest'
import { requireJsonAccepted } from './accept.ts'

test.each([
  undefined,
  '',
  ' ',
  'application/json',
  'APPLICATION/JSON;charset=utf-8',
  'application/*',
  '*/*',
  '*',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'text/html, image/gif, *; q=.2, */*; q=.2',
  'application/hal+json',
  'application/json;q=0.1, */*;q=0',
  'text/html;q=0, application/json',
  'application/json;q=high',
])('Accept %j takes JSON', (accept) => {
  expect(() => requireJsonAccepted(accept)).not.toThrow()
})

test.each([
  'text/html',
  'application/xml, text/*',
  'application/json;q=0',
  'application/json;q=0, */*',
  'application/*;q=0.0, */*',
  '*/*;q=0',
  'nonsense',
])('Accept %j leaves JSON out and is refused with not-acceptable', (accept) => {
  expect(() => requireJsonAccepted(accept)).toThrow(expect.objectContaining({ code: 'not-acceptable' }))
})
