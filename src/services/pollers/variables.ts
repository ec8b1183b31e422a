import { AppError } from '#src/lib/errors.ts'
import { formatJavaDate, unknownLetter } from '#src/lib/java-date.ts'
import { createZone, findZone } from '#src/lib/time-zone.ts'

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

const epochUnits = ['', 'ms', 's', 'us']

/** What is wrong with a variable, with the fix; undefined: nothing. */
const faultIn = (kind: string, argument: string): string | undefined => {
  if (kind === 'epoch')
    return epochUnits.includes(argument)
      ? undefined
      : `'${argument.slice(0, 64)}' is no unit. Use s, ms or us, such as \${epoch:s}.`
  const found = kind === 'dateTimeZone' && argument !== '' ? zoneAndPattern.exec(argument) : undefined
  if (found === null)
    return 'a zone and a pattern are needed, such as ${dateTimeZone:Europe/Berlin:yyyy-MM-dd}.'
  const [, zone = 'GMT', pattern = ''] = found ?? [undefined, undefined, argument]
  if (findZone(zone) === undefined)
    return `'${zone.slice(0, 64)}' is no time zone. Use a name such as Europe/Berlin or an offset such as -8:00.`
  const letter = unknownLetter(decoded(pattern))
  return letter === undefined
    ? undefined
    : `the pattern has '${letter}', which is no part of a date. Put single quotes around what is to stand as it is.`
}

/** A query may be encoded, and then so are the marks of a pattern. */
const decoded = (pattern: string): string =>
  pattern.replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )

/**
 * A poller's URL whose variables can be filled: what they stand for otherwise leads to polls that find nothing.
 * @param where the member that holds it, for errors.
 * @throws AppError `bad-request` naming the variable and its part that is wrong.
 */
export const checkedVariables = (url: string, where: string): string => {
  for (const [all, kind = '', argument = ''] of url.matchAll(variable)) {
    const fault = faultIn(kind, argument)
    if (fault !== undefined) throw new AppError('bad-request', `${where}: ${all.slice(0, 100)}: ${fault}`)
  }
  return url
}

/** Puts a moment in the place of the variables of a poller's URL. Quotes of a pattern are no quotes of the query. */
export const fillVariables = (url: string, at: Date): string =>
  url.replaceAll(variable, (_all, kind: string, argument: string | undefined) => textFor(at, kind, argument))
