import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { explainFailure, givenUp } from './explain.ts'

const failure = (code: string): Error => Object.assign(new Error('raw words'), { code })

describe('explainFailure', () => {
  it.each([
    ['ECONNREFUSED', null, 'provider-unreachable', /^h refused the connection/],
    ['ENOTFOUND', null, 'provider-unreachable', /^h is a name that cannot be resolved/],
    ['EAI_AGAIN', null, 'provider-unreachable', /name service/],
    ['CERT_HAS_EXPIRED', null, 'provider-unreachable', /expired \(CERT_HAS_EXPIRED\)/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', null, 'provider-unreachable', /another name/],
    ['CERT_REVOKED', null, 'provider-unreachable', /TLS as it should \(CERT_REVOKED\)/],
    ['ECONNRESET', null, 'provider-unreachable', /before it answered/],
    ['UND_ERR_SOCKET', 200, 'provider-unreachable', /in the middle of its answer \(HTTP 200\)/],
    ['EWHATEVER', null, 'provider-unreachable', /cannot be reached \(EWHATEVER\)/],
    ['UND_ERR_HEADERS_OVERFLOW', null, 'provider-failed', /32 KiB/],
    ['UND_ERR_INVALID_ARG', null, 'bad-request', /header/],
    ['UND_ERR_DESTROYED', null, 'stopping', /stopping/],
  ])('%s at status %s is %s', (code, status, expected, words) => {
    const error = explainFailure(failure(code), 'h', status)
    expect(error.code).toBe(expected)
    expect(error.message).toMatch(words)
    expect(error.message).not.toContain('raw words')
    if (expected === 'provider-unreachable')
      expect(error.details).toEqual({ hop: 'network', retryable: true })
  })

  it('carries no piece of a reply that was not HTTP', () => {
    const garbage = Object.assign(new Error('raw words'), { name: 'HTTPParserError', data: 'secret-word' })
    const error = explainFailure(garbage, 'h', null)
    expect([error.code, error.message, error.cause]).toEqual([
      'provider-failed',
      'h sent something that is not HTTP.',
      undefined,
    ])
  })

  it('explains what is thrown without a code, and leaves an explained error as it is', () => {
    expect(explainFailure('odd', 'h', null).message).toBe('h cannot be reached.')
    const known = new AppError('address-blocked', 'known')
    expect(explainFailure(known, 'h', null)).toBe(known)
  })

  it("keeps the asker's own reason for giving up", () => {
    const reason = new AppError('stopping', 'x')
    expect(givenUp('h', reason)).toBe(reason)
    expect(givenUp('h', new Error('x')).code).toBe('request-timeout')
  })
})
