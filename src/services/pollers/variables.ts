import { formatJavaDate } from '#src/lib/java-date.ts'
import { createZone } from '#src/lib/time-zone.ts'

/** What stands for the time of the last poll in the URL of a poller (spec/contract.md 6.1, variables). */
const variable = /\$\{(date|gmtDate|dateTimeZone|epoch)(?::([^}]*))?\}/g

/** A zone before its pattern; an offset has a colon of its own: `-8:00:yyyy-MM-dd`. */
const zoneAndPattern = /^((?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][A-Za-z0-9_+/-]*):(.*)$/s

const epochOf = (at: Date, unit: string | undefined): string => {
  if (unit === 's') return String(Math.floor(at.getTime() / 1_000))
  if (unit === 'us') return String(at.getTime() * 1_000)
  return String(at.getTime())
}

const textFor = (at: Date, kind: string, argument: string | undefined): string => {
  if (kind === 'epoch') return epochOf(at, argument)
  if (kind !== 'dateTimeZone')
    return argument === undefined || argument === '' ? at.toISOString() : formatJavaDate(at, argument)
  const found = zoneAndPattern.exec(argument ?? '')
  return found === null ? at.toISOString() : formatJavaDate(at, found[2] ?? '', createZone(found[1] ?? 'GMT'))
}

/** Puts a moment in the place of the variables of a poller's URL. Quotes of a pattern are no quotes of the query. */
export const fillVariables = (url: string, at: Date): string =>
  url.replaceAll(variable, (_all, kind: string, argument: string | undefined) => textFor(at, kind, argument))
