import { describe, expect, it } from 'vitest'
import { readGrant } from './reply.ts'

const whole = {
  accessToken: '1_a$b&c',
  refreshToken: 'refresh',
  expiresAt: new Date('2026-11-04T09:05:31Z'),
  baseUrl: 'https://eu1.concursolutions.com/',
}
const nothingElse = { refreshToken: null, expiresAt: null, baseUrl: null }

describe('a token reply of the deprecated framework', () => {
  it.each([
    [
      'as the page shows it',
      `<?xml version="1.0"?>\n<Access_Token xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
        <Instance_Url>https://eu1.concursolutions.com/</Instance_Url><Token>1_a$b&amp;c</Token>
        <Expiration_date>11/4/2026 9:05:31 AM</Expiration_date>
        <Refresh_Token>refresh</Refresh_Token></Access_Token>`,
      whole,
    ],
    [
      'in another case, with a prefix, CDATA and numbers',
      `<a:ACCESS_TOKEN xmlns:a="x"><a:INSTANCE_URL>https://eu1.concursolutions.com/</a:INSTANCE_URL>
        <a:token><![CDATA[1_a$b&c]]></a:token><a:Expiration_Date>11/04/2026 09:05:31 am</a:Expiration_Date>
        <a:refresh_token>&#x72;&#101;fresh</a:refresh_token></a:ACCESS_TOKEN>`,
      whole,
    ],
    [
      'in JSON',
      JSON.stringify({
        Access_Token: {
          Instance_Url: 'https://eu1.concursolutions.com/',
          Token: '1_a$b&c',
          Expiration_date: '11/4/2026 9:05:31 AM',
          Refresh_Token: 'refresh',
        },
      }),
      whole,
    ],
    ['with a token alone', '<A><Token>t</Token></A>', { accessToken: 't', ...nothingElse }],
    [
      'with empty elements and no date that is one',
      '<A><Token>t</Token><Refresh_Token></Refresh_Token><Instance_Url/><Expiration_date>soon</Expiration_date></A>',
      { accessToken: 't', ...nothingElse },
    ],
    [
      'with noon',
      '<A><Token>t</Token><Expiration_date>1/2/2027 12:00:01 PM</Expiration_date></A>',
      {
        ...{ accessToken: 't', ...nothingElse, expiresAt: new Date('2027-01-02T12:00:01Z') },
      },
    ],
    [
      'with midnight',
      '<A><Token>t</Token><Expiration_date>1/2/2027 12:00:01 AM</Expiration_date></A>',
      {
        ...{ accessToken: 't', ...nothingElse, expiresAt: new Date('2027-01-02T00:00:01Z') },
      },
    ],
  ])('%s', (_title, text, granted) => {
    expect(readGrant({ status: 200, text }, false)).toEqual({ granted })
  })

  it.each([
    ['the words of XML', 403, '<Error><Message>Bad &lt;token&gt;</Message></Error>', 'Bad <token>', 'ended'],
    ['the words of JSON', 400, '{"Error":{"Message":"No"}}', 'No', 'ended'],
    ['a bare text', 401, 'Denied', 'Denied', 'passing'],
    ['a page', 403, '<html><body>x</body></html>', 'HTTP 403', 'passing'],
    ['words of another address', 404, '<Error><Message>Gone</Message></Error>', 'Gone', 'passing'],
    ['a limit', 429, '', 'HTTP 429', 'passing'],
    ['a failure', 503, '{', '{', 'passing'],
  ])('that refuses with %s', (_title, status, text, words, means) => {
    expect(readGrant({ status, text }, true)).toEqual({ refused: { status, words, means } })
    expect(readGrant({ status, text }, false)).toEqual({ refused: { status, words, means: 'passing' } })
  })

  it('that is good but holds no token is a failure that may pass', () => {
    for (const text of ['', '<A><Token></Token></A>', '{"Token":""}', 'null'])
      expect(readGrant({ status: 200, text }, true)).toMatchObject({
        refused: { status: 502, means: 'passing' },
      })
  })
})
