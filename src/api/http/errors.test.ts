import { expect, test } from 'vitest'
import { errorForLog } from '#src/lib/error-for-log.ts'
import { AppError } from '#src/lib/errors.ts'
import { errorBody, errorHeaders, publicError, statusOf, wrongVerb } from './errors.ts'

test('every status in the table is a 4xx or 5xx, and only internal is a 500', () => {
  const entries = Object.entries(statusOf)
  expect(entries.filter(([, status]) => status < 400 || status > 599)).toEqual([])
  expect(entries.filter(([, status]) => status === 500).map(([code]) => code)).toEqual(['internal'])
})

test("a vendor's failure shows its words and correlation id", () => {
  const error = new AppError('provider-failed', 'The provider failed.', {
    providerMessage: 'Report not found',
    providerCorrelationId: 'c-1',
  })
  expect(errorBody(error, 'f'.repeat(24))).toEqual({
    requestId: 'f'.repeat(24),
    message: 'The provider failed.',
    providerMessage: 'Report not found',
    code: 'provider-failed',
    hop: 'provider',
    retryable: true,
    providerCorrelationId: 'c-1',
  })
})

test('hop and retryable of the error win over those of its code', () => {
  const error = new AppError('provider-timeout', 'Too slow.', { hop: 'provider', retryable: false })
  expect(errorBody(error, 'a')).toMatchObject({ hop: 'provider', retryable: false })
  expect(errorBody(new AppError('provider-timeout', 'Too slow.'), 'a')).toMatchObject({
    hop: 'network',
    retryable: true,
  })
  expect(errorBody(new AppError('not-found', 'No report found'), 'a')).toMatchObject({
    hop: 'amalgam',
    retryable: false,
  })
})

test('an unforeseen error becomes internal without its text', () => {
  const error = publicError(new TypeError('secret-thing is undefined'))
  expect(error.code).toBe('internal')
  expect(JSON.stringify(errorBody(error, 'a'))).not.toContain('secret-thing')
})

test('the log gets text and stack of an error and its cause, and no other property', () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(x@y.example)',
  })
  const logged = JSON.stringify(errorForLog(new Error('could not save', { cause })))
  expect(logged).toContain('could not save')
  expect(logged).toContain('23505')
  expect(logged).not.toContain('x@y.example')
})

test('Retry-After is in whole seconds, rounded up', () => {
  expect(errorHeaders(new AppError('too-many-requests', 'Wait.', { retryAfterSeconds: 1.2 }))).toEqual({
    'retry-after': '2',
  })
  expect(errorHeaders(new AppError('too-many-requests', 'Wait.'))).toEqual({})
})

test('the body of an error tells the same seconds as Retry-After', () => {
  expect(
    errorBody(new AppError('too-many-requests', 'Wait.', { retryAfterSeconds: 1.2 }), 'a'),
  ).toMatchObject({
    retryAfter: 2,
  })
  expect(errorBody(new AppError('too-many-requests', 'Wait.'), 'a')).not.toHaveProperty('retryAfter')
})

test('a wrong verb tells the allowed ones in Allow, with HEAD beside GET', () => {
  const error = wrongVerb('PUT', '/instances', ['GET', 'POST'])
  expect(errorHeaders(error)).toEqual({ allow: 'GET, HEAD, POST, OPTIONS' })
  expect(error.message).toContain('PUT is not possible on /instances')
})
