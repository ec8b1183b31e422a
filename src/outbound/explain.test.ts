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

  const from = (code: string, address: string): Error =>
    Object.assign(failure(code), { address, syscall: 'connect' })
  const all = (...errors: readonly Error[]): Error =>
    Object.assign(new AggregateError(errors), { code: (errors[0] as NodeJS.ErrnoException).code })

  it.each([
    ['EMFILE', /^Amalgam has .+ so h was not called \(EMFILE\): raise its limit of open files/],
    ['ENFILE', /fs\.file-max/],
    ['EADDRNOTAVAIL', /no port left .+ wider range of ports/],
    ['ENOBUFS', /no memory left/],
    ['ENOMEM', /no memory left/],
  ])('%s is no failure of the far side, and says what to do here', (code, words) => {
    for (const error of [
      failure(code),
      from(code, '10.0.0.1'),
      all(from(code, '::1'), from(code, '10.0.0.1')),
    ]) {
      const explained = explainFailure(error, 'h', null)
      expect(explained.code).toBe('too-many-requests')
      expect(explained.message).toMatch(words)
      expect(explained.details).toEqual({ hop: 'amalgam', retryable: true, retryAfterSeconds: 1 })
    }
  })

  it('blames the far side for what it answered at one of several addresses, and not for IPv6 that is off here', () => {
    const codes = (...errors: readonly Error[]): string => explainFailure(all(...errors), 'h', null).code
    const refused = from('ECONNREFUSED', '10.0.0.1')
    expect(codes(from('EADDRNOTAVAIL', '::1'), refused)).toBe('provider-unreachable')
    expect(codes(from('EMFILE', '::1'), refused)).toBe('provider-unreachable')
    expect(codes(from('ENETUNREACH', '::1'), from('EADDRNOTAVAIL', '10.0.0.1'))).toBe('too-many-requests')
    expect(explainFailure(all(from('ENETUNREACH', '::1'), refused), 'h', null).message).toMatch(/refused/)
    const none = explainFailure(from('EADDRNOTAVAIL', '::1'), 'h', null)
    expect([none.code, none.message]).toEqual([
      'provider-unreachable',
      'h cannot be reached: this machine has no address from which to call it (EADDRNOTAVAIL).',
    ])
  })

  it('takes what a connection that stood lacked for a failure on the way', () => {
    const written = Object.assign(failure('ENOBUFS'), { syscall: 'write' })
    expect(explainFailure(written, 'h', null).code).toBe('provider-unreachable')
    expect(explainFailure(failure('ENOMEM'), 'h', 200).code).toBe('provider-unreachable')
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
