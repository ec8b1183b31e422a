import { Cron } from 'croner'
import { AppError } from '#src/lib/errors.ts'
import { convertField, quartzFields } from './quartz-fields.ts'

/** When something is due, again and again. */
export interface Schedule {
  /** The first time after this one, in UTC; null: never again. */
  readonly next: (after: Date) => Date | null
}

const shape = 'second minute hour day-of-month month day-of-week [year], such as 0 0/15 * 1/1 * ? *'
const longest = 200
const dayOfMonth = 3
const dayOfWeek = 5

const isOpen = (field: string | undefined): boolean => field === '*' || field === '?'

/** A day is named by month or by week; the other one says `?`, or `*`, which Quartz itself would refuse. */
const convertDays = (fields: readonly string[], refuse: (reason: string) => never): readonly string[] => {
  const [ofMonth, ofWeek] = [fields[dayOfMonth], fields[dayOfWeek]]
  if (ofMonth === '?' && ofWeek === '?') refuse('day of month and day of week cannot both be ?')
  if (!isOpen(ofMonth) && !isOpen(ofWeek)) refuse('one of day of month and day of week must be ?')
  return fields.map((field, at) => (field === '?' && (at === dayOfMonth || at === dayOfWeek) ? '*' : field))
}

const convert = (text: string, refuse: (reason: string) => never): string => {
  const fields = text.trim().toUpperCase().split(/\s+/)
  if (fields.length < 6 || fields.length > 7) refuse(`${fields.length} fields instead of 6 or 7`)
  const days = convertDays(fields, refuse)
  const converted = quartzFields.slice(0, fields.length).map((field, at) => {
    const written = days[at] ?? ''
    return convertField(field, written) ?? refuse(`${field.name} cannot be ${written.slice(0, 40)}`)
  })
  if (!/^\d+$/.test(converted[0] ?? '')) {
    refuse('seconds must name one second, such as 0: a job runs once a minute at most')
  }
  return converted.join(' ')
}

/**
 * Reads a Quartz cron expression (6 or 7 fields, SUN is 1, `?`, `L`, `W`, `#`), times in UTC.
 * croner, which finds the times, counts weekdays from SUN as 0 and takes steps and ranges more narrowly, so it is
 * given lists of numbers.
 * @param name of the field or header in errors.
 * @throws AppError `bad-request` for what is none, and what runs more than once a minute.
 */
export const parseQuartz = (text: string, name: string): Schedule => {
  const refuse = (reason: string): never => {
    throw new AppError('bad-request', `${name}: ${reason}. Send a Quartz cron expression: ${shape}.`)
  }
  if (text.length > longest) refuse(`longer than ${longest} characters`)
  const pattern = convert(text, refuse)
  const cron = cronOf(pattern, refuse)
  return { next: (after) => cron.nextRun(after) }
}

const cronOf = (pattern: string, refuse: (reason: string) => never): Cron => {
  try {
    return new Cron(pattern, { timezone: 'UTC', paused: true, mode: '6-or-7-parts' })
  } catch {
    return refuse('it is none that can be kept')
  }
}

/**
 * An interval as Quartz writes it: of more than an hour in whole hours, of more than a day in whole days.
 * @param seconds at least 60.
 */
export const cronOfInterval = (seconds: number): string => {
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return `0 0/${minutes} * 1/1 * ? *`
  const hours = Math.round(minutes / 60)
  if (hours < 24) return `0 0 0/${hours} 1/1 * ? *`
  return `0 0 0 1/${Math.min(31, Math.round(hours / 24))} * ? *`
}
