import { describe, expect, it } from 'vitest'
import { formatJavaDate, parseJavaDate, unknownLetter } from './java-date.ts'
import { createZone, findZone } from './time-zone.ts'

const at = new Date('2018-08-20T15:30:07.045Z')

describe('patterns of SimpleDateFormat', () => {
  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", 'GMT', '2018-08-20T15:30:07.045'],
    ["yyyy-MM-dd'T'HH:mm:ssZ", 'GMT', '2018-08-20T15:30:07+0000'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", '-8:00', '2018-08-20T07:30:07-08:00'],
    ["yyyy-MM-dd'T'HH:mm:ssX", 'GMT', '2018-08-20T15:30:07Z'],
    ['MM/dd/yy h:mm a', 'America/New_York', '08/20/18 11:30 AM'],
    ['EEE MMM d HH:mm:ss z yyyy', 'GMT', 'Mon Aug 20 15:30:07 GMT 2018'],
    ["hh 'o''clock'", 'GMT', "03 o'clock"],
    ['yyyyMMddHHmmss', 'Europe/Berlin', '20180820173007'],
    ['milliseconds', 'GMT', String(at.getTime())],
  ])('%s at %s writes %s', (pattern, zone, text) => {
    expect(formatJavaDate(at, pattern, createZone(zone))).toBe(text)
  })

  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", 'GMT', '2018-08-20T15:30:07.045', at.getTime()],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", 'GMT', '2018-08-20T15:30:07', at.getTime() - 45],
    ["yyyy-MM-dd'T'HH:mm:ss", 'America/New_York', '2018-08-20T11:30:07', at.getTime() - 45],
    ["yyyy-MM-dd'T'HH:mm:ssZ", 'GMT', '2018-08-20T17:30:07+0200', at.getTime() - 45],
    ['yyyyMMddHHmmss', 'GMT', '20180820153007', at.getTime() - 45],
    ['MM/dd/yy h:mm a', 'GMT', '08/20/18 3:30 PM', at.getTime() - 7_045],
    ['EEE MMM d HH:mm:ss z yyyy', 'GMT', 'Mon Aug 20 15:30:07 UTC 2018', at.getTime() - 45],
    [undefined, 'GMT', '2018-08-20T15:30:07.045Z', at.getTime()],
    ['milliseconds', 'GMT', String(at.getTime()), at.getTime()],
    ['yyyy', 'GMT', 'soon', null],
  ])('%s at %s reads %s', (pattern, zone, text, ms) => {
    expect(parseJavaDate(text, pattern, createZone(zone))).toBe(ms)
  })

  it('tell the first letter that they do not know', () => {
    expect(unknownLetter("yyyy-MM-dd'T'HH:mm")).toBeUndefined()
    expect(unknownLetter('yyyy Q')).toBe('Q')
  })
})

describe('zones', () => {
  it('have summer time where they have it, and none where they are offsets', () => {
    const july = Date.parse('2018-07-01T12:00:00Z')
    expect(createZone('Europe/Berlin').offsetMinutes(july)).toBe(120)
    expect(createZone('Europe/Berlin').toUtc(july)).toBe(july - 7_200_000)
    expect(createZone('-8:00').offsetMinutes(july)).toBe(-480)
    expect(createZone('GMT+5:30').offsetMinutes(july)).toBe(330)
    expect(findZone('Nowhere/Atlantis')).toBeUndefined()
  })
})
