import { AppError } from '#src/lib/errors.ts'

/** What a coded verb throws where the caller must change something; the message names the field and the fix. */
export const badInput = (message: string): AppError => new AppError('bad-request', message)

/** What a coded verb throws where there is no such row. */
export const notFound = (message: string): AppError =>
  new AppError('provider-not-found', message, { hop: 'provider' })

/** What a coded verb throws where the vendor's reply makes no sense, or tells a failure inside a success. */
export const vendorFailed = (message: string, words?: string): AppError =>
  new AppError('provider-failed', message, {
    hop: 'provider',
    ...(words === undefined ? {} : { providerMessage: words }),
  })

/** What a coded verb throws where the vendor refuses what was sent, in the vendor's words. */
export const vendorRefused = (title: string, words: string): AppError =>
  new AppError('provider-refused', `${title}: ${words}`, { hop: 'provider', providerMessage: words })
