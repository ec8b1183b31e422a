import { validateHeaderName, validateHeaderValue } from 'node:http'
import { AppError } from '#src/lib/errors.ts'
import { pageHeader } from './session-cookie.ts'

/** What says who calls, from where, or how the message is framed: it is said anew when the call is made. */
const leftOut =
  /^(?:authorization|cookie|host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-length|content-encoding|expect|origin|referer|forwarded|via|x-real-ip|elements-schedule-request|amalgam-job|(?:proxy|x-forwarded|sec)-.*)$/

/**
 * The headers of a call that is made later, names in lower case.
 * @param field what they came in, for errors; undefined: they came as headers.
 * @throws AppError `bad-request` naming a header that cannot be sent.
 */
export const carriedHeaders = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  field?: string,
): Readonly<Record<string, string>> => {
  const carried: Record<string, string> = {}
  for (const [sent, value] of Object.entries(headers)) {
    const name = sent.trim().toLowerCase()
    if (value === undefined || name === pageHeader || leftOut.test(name)) continue
    const text = [value].flat().join(', ')
    try {
      validateHeaderName(name)
      validateHeaderValue(name, text)
    } catch (cause) {
      const where = field === undefined ? '' : `${field}.`
      throw new AppError(
        'bad-request',
        `${where}${sent.slice(0, 64)}: no header that can be sent. Use letters, digits and - in its name, and no line breaks in its value.`,
        {},
        { cause },
      )
    }
    carried[name] = text
  }
  return carried
}
