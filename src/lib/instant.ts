/**
 * Dates as travel-and-expense APIs write them: `yyyy-MM-dd`, or with `T` (or a blank) and a time of 0 to
 * 9 decimals, with `Z`, an offset, or no zone. No zone means UTC.
 */
const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/i

const offsetMinutes = (zone: string | undefined): number => {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return digits.startsWith('-') ? -minutes : minutes
}

/** Milliseconds since 1970 in UTC (decimals past the third kept as a fraction); null when it is no such date. */
export const parseInstant = (text: string): number | null => {
  const found = pattern.exec(text.trim())
  if (found === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', decimals = ''] = found
  const whole = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const date = new Date(whole)
  // Date.UTC reads the years 0 to 99 as 1900 to 1999, and rolls 31 April over into May.
  const same = date.getUTCFullYear() === Number(year) && date.getUTCMonth() === Number(month) - 1
  if (!same || date.getUTCDate() !== Number(day)) return null
  const fraction = decimals === '' ? 0 : Number(`0.${decimals}`) * 1000
  return whole + fraction - offsetMinutes(found[8]) * 60_000
}

/** `yyyy-MM-ddTHH:mm:ss.SSS` in UTC, without a zone. */
export const printInstant = (ms: number): string => new Date(ms).toISOString().slice(0, 23)
