import { describe, expect, it } from 'vitest'
import { parseSmtpUrl } from './mail.ts'

describe('the URL of a mail server', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, login: undefined }],
    ['smtps://mail.example/', { host: 'mail.example', port: 465, secure: true, login: undefined }],
    [
      'smtp://a%40b.test:p%3Aw@[::1]:2525',
      { host: '::1', port: 2525, secure: false, login: { user: 'a@b.test', password: 'p:w' } },
    ],
  ])('%s is read', (text, server) => {
    expect(parseSmtpUrl(text)).toEqual(server)
  })

  it.each([
    ['mail.example:25', /begin with smtp/],
    ['https://mail.example', /begin with smtp/],
    ['smtp://', /host and a port alone|no URL/],
    ['smtp://u:planted@mail.example?x=1', /host and a port alone/],
    ['smtp://u:planted@mail.example/x', /host and a port alone/],
    ['smtp://u:%planted@mail.example', /percent-encode/],
    ['planted', /no URL/],
  ])('%s is refused without being repeated', (text, message) => {
    expect(() => parseSmtpUrl(text)).toThrow(message)
    expect(() => parseSmtpUrl(text)).not.toThrow(/planted/)
  })
})
