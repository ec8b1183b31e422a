import { describe, expect, it } from 'vitest'
import { baseString, oauth1Header } from './oauth1-signature.ts'

const client = { consumerKey: 'dpf43f3p2l4k3l03', consumerSecret: 'kd94hf93k423kf44' } as const
const hmac = { ...client, signature: 'HMAC-SHA1' } as const

const signatureIn = (header: string): string =>
  decodeURIComponent(/oauth_signature="([^"]*)"/.exec(header)?.[1] ?? '')

describe('the signature of RFC 5849', () => {
  it('is over the text of section 3.4.1.1', () => {
    const call = {
      method: 'post',
      url: 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
      form: 'c2&a3=2+q',
    }
    const oauth = [
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
    ] as const
    expect(baseString(call, oauth)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })

  it('keeps a port that is not the scheme’s, and the letters of the path', () => {
    expect(baseString({ method: 'GET', url: 'https://example.net:8080/A/b?q=1' }, [])).toBe(
      'GET&https%3A%2F%2Fexample.net%3A8080%2FA%2Fb&q%3D1',
    )
  })

  it('is that of the examples in section 1.2', () => {
    const traded = oauth1Header(
      { ...hmac, token: 'hh5s93j4hdidpola', tokenSecret: 'hdhd0244k9j7ao03' },
      { method: 'POST', url: 'https://photos.example.net/token' },
      { oauth_verifier: 'hfdp7dh39dks9884' },
      { timestamp: '137131201', nonce: 'walatlh' },
    )
    const called = oauth1Header(
      { ...hmac, token: 'nnch734d00sl2jdk', tokenSecret: 'pfkkdhi9sl3r4s00' },
      { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original' },
      {},
      { timestamp: '137131202', nonce: 'chapoH' },
    )
    expect([traded, called].map(signatureIn)).toEqual([
      'gKgrFCywp7rO0OXSjdot/IHF7IU=',
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    ])
  })

  it('is the two secrets where it is PLAINTEXT (section 3.4.4)', () => {
    const header = oauth1Header(
      { ...client, signature: 'PLAINTEXT', token: 't', tokenSecret: 'a b&c' },
      { method: 'GET', url: 'https://photos.example.net/' },
    )
    expect(signatureIn(header)).toBe('kd94hf93k423kf44&a%20b%26c')
  })

  it('is another one for every call, for no moment comes twice', () => {
    const call = { method: 'GET', url: 'https://photos.example.net/' }
    expect(oauth1Header(hmac, call)).not.toBe(oauth1Header(hmac, call))
  })
})
