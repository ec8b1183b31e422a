import { AppError } from '#src/lib/errors.ts'

const longestUrl = 2_000

/** An address that is called back. @throws AppError `bad-request` naming where it came from. */
export const callbackAddress = (text: string, from: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || text.length > longestUrl)
    throw new AppError(
      'bad-request',
      `${from}: no http or https address. Send a whole one, such as https://app.example/callback.`,
    )
  if (url.username !== '' || url.password !== '')
    throw new AppError('bad-request', `${from}: leave user and password out of the address.`)
  return text
}
