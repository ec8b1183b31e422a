import { describe, expect, it } from 'vitest'
import { newSecret } from '#src/lib/secret.ts'
import { answered } from './answered.ts'

const json = 'application/json;charset=UTF-8'

const told = (body: string, type: string | undefined = json, status = 200, hub = false) =>
  answered(
    {
      status,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(hub ? { 'elements-element-instance-id': '7' } : {}),
      },
      body: Buffer.from(body),
    },
    ['the user’s secret'],
  )

describe('what is told of a reply', () => {
  it('is its JSON, its text, or nothing', () => {
    expect(told('{"a":[1,"ü"]}')).toEqual({ response: { a: [1, 'ü'] }, error: null })
    expect(told('"x"', 'text/plain')).toEqual({ response: '"x"', error: null })
    expect(told('{broken')).toEqual({ response: '{broken', error: null })
    expect(told('', undefined)).toEqual({ response: null, error: null })
    expect(told('', undefined, 500)).toEqual({ response: null, error: 'status 500' })
  })

  it('has the words of an error', () => {
    const body = { message: 'No report found with id 7', code: 'not-found' }
    expect(told(JSON.stringify(body), json, 404)).toEqual({ response: body, error: body.message })
    expect(told('[]', json, 404).error).toBe('status 404')
    expect(told('{"message":{}}', json, 404).error).toBe('status 404')
  })

  it('says why it is not the reply', () => {
    expect(told('%PDF', 'application/pdf')).toEqual({
      response: null,
      error: expect.stringMatching(/^The reply is a file \(application\/pdf\)/),
    })
    expect(told(`"${'x'.repeat(5 * 1024 * 1024)}"`)).toEqual({
      response: null,
      error: expect.stringMatching(/^The reply has 5242882 bytes/),
    })
  })

  it('repeats no secret of the call, and none by its form but where a vendor sent it', () => {
    const token = newSecret()
    const body = JSON.stringify({ token, echo: 'the user’s secret' })
    expect(told(body).response).toEqual({ token: '***', echo: '***' })
    expect(told(body, json, 200, true).response).toEqual({ token, echo: '***' })
  })
})
