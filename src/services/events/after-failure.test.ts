import { expect, it } from 'vitest'
import { AppError, type ErrorCode, type ErrorDetails } from '#src/lib/errors.ts'
import { secondsAfterFailure } from './after-failure.ts'

const after = (code: ErrorCode, details: ErrorDetails, intervalSeconds: number): readonly number[] =>
  [1, 5, 6, 7, 30].map((failures) =>
    secondsAfterFailure(new AppError(code, 'No.', details), failures, intervalSeconds),
  )

it('looks again every five minutes while the vendor is out of order, however long that lasts', () => {
  const expected = [60, 60, 300, 300, 300]
  expect(after('provider-failed', { retryable: true, providerStatus: 503 }, 60)).toEqual(expected)
  expect(after('provider-failed', { retryable: false, providerStatus: 501 }, 60)).toEqual(expected)
  expect(after('provider-timeout', { hop: 'network', retryable: true }, 60)).toEqual(expected)
  expect(after('provider-rate-limited', { providerStatus: 429 }, 60)).toEqual(expected)
})

it('keeps the rhythm of a poller that is slower than that', () => {
  expect(after('provider-unreachable', { retryable: true }, 900)).toEqual([60, 900, 900, 900, 900])
  expect(after('provider-unreachable', { retryable: true }, 86_400)).toEqual([60, 960, 1_920, 3_600, 3_600])
})

it('waits up to an hour for what somebody has to mend', () => {
  const expected = [60, 60, 1_920, 3_600, 3_600]
  expect(after('needs-reconnect', {}, 60)).toEqual(expected)
  expect(after('provider-denied', { retryable: false, providerStatus: 403 }, 60)).toEqual(expected)
  expect(after('bad-request', {}, 60)).toEqual(expected)
})

it('leaves the vendor alone for as long as it asks', () => {
  expect(after('provider-rate-limited', { retryable: true, retryAfterSeconds: 700 }, 60)).toEqual([
    700, 700, 700, 700, 700,
  ])
  expect(after('provider-failed', { retryable: true }, 1)).toEqual([5, 5, 300, 300, 300])
})
