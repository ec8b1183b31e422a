import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import { hasEvents, readEventSettings } from './settings.ts'
import { checkedVariables, fillVariables } from './variables.ts'

const [element] = catalogueElements({})
if (element === undefined) throw new Error('no element')

const read = (configuration: Record<string, string>) =>
  readEventSettings(element, configuration, (name) => {
    const resource = element.resources[name]
    return resource === undefined ? undefined : { resource }
  })

const on = {
  'event.notification.enabled': 'true',
  'event.notification.callback.url': 'https://example.test/hook',
}
const polled = (configuration: Record<string, string>) =>
  read({ ...on, ...configuration }).pollers.map(({ objectType }) => objectType)

describe('the switch of events', () => {
  it.each([
    [{}, false],
    [{ 'event.notification.callback.url': 'https://example.test' }, false],
    [
      {
        'event.notification.callback.url': 'https://example.test',
        'event.poller.configuration': '{"reports":{}}',
      },
      true,
    ],
    [
      {
        'event.notification.callback.url': 'https://example.test',
        'event.poller.configuration': '{"reports":{}}',
        'event.notification.enabled': 'false',
      },
      false,
    ],
    [{ 'event.notification.enabled': 'true' }, true],
  ])('%j is %s', (configuration, expected) => {
    expect(hasEvents(configuration as unknown as Record<string, string>)).toBe(expected)
  })
})

describe('what is polled', () => {
  it('is what the element says, where nothing is said', () => {
    expect(read(on)).toMatchObject({
      intervalSeconds: 900,
      callbackUrl: 'https://example.test/hook',
      pollers: [
        {
          objectType: 'reports',
          entry: {
            resource: 'reports',
            query: "where=modifiedDateAfter = '${gmtDate:yyyy-MM-dd'T'HH:mm:ss.SSS}'",
            idField: 'ID',
            updated: { path: 'LastModifiedDate' },
            created: { path: 'CreateDate' },
            byUpdated: true,
            toleranceSeconds: 60,
            pageSize: 100,
            delaySeconds: 0,
          },
        },
      ],
    })
  })

  it('is what event.objects names, else what event.poller.urls names, else what is configured', () => {
    const configured = { 'event.poller.configuration': '{"reports":{},"lists":{}}' }
    expect(polled(configured)).toEqual(['reports', 'lists'])
    expect(polled({ ...configured, 'event.poller.urls': 'lists' })).toEqual(['lists'])
    expect(polled({ ...configured, 'event.poller.urls': 'lists|reports' })).toEqual(['lists', 'reports'])
    expect(polled({ ...configured, 'event.objects': 'users, expenses,{objectName}' })).toEqual([
      'users',
      'expenses',
    ])
    expect(polled({ 'event.vendor.type': 'webhooks' })).toEqual([])
  })

  it('is read out of lines of the oldest form', () => {
    const line =
      "reports|/hubs/expense/reports?where=modifiedDateAfter='${date:yyyy-MM-dd}'|ID|LastModifiedDate|yyyy-MM-dd'T'HH:mm:ss|GMT|CreateDate|yyyy-MM-dd|America/New_York"
    const [first] = read({ ...on, 'event.poller.urls': line }).pollers
    expect(first?.entry).toMatchObject({
      query: "where=modifiedDateAfter='${date:yyyy-MM-dd}'",
      idField: 'ID',
      updated: { path: 'LastModifiedDate', format: "yyyy-MM-dd'T'HH:mm:ss", zone: 'GMT' },
      created: { path: 'CreateDate', format: 'yyyy-MM-dd', zone: 'America/New_York' },
    })
  })

  it('tells deletes of a whole listing that says them, also by a url that narrows nothing', () => {
    const deletes = (entry: object): boolean | undefined =>
      read({ ...on, 'event.poller.configuration': JSON.stringify({ lists: entry }) }).pollers[0]?.entry
        .deletes
    expect(deletes({})).toBe(true)
    expect(deletes({ url: '/hubs/expense/lists' })).toBe(true)
    expect(deletes({ url: "/hubs/expense/lists?where=Name='x'" })).toBe(false)
  })

  it('is read with line breaks inside texts, the name of a key that was typed wrong, and a zone on top', () => {
    const text =
      '{"reports":{"url":"/elements/api-v2/hubs/expense/reports\n\t?where=x","filterByUpdateDate":"false","updatedDateTimezone":"-8:00"}}'
    const [first] = read({ ...on, 'event.poller.configuration': text }).pollers
    expect(first?.entry).toMatchObject({
      query: 'where=x',
      byUpdated: false,
      updated: { path: 'LastModifiedDate', zone: '-8:00' },
    })
  })

  it.each([
    [{ 'event.poller.configuration': 'reports' }, /event\.poller\.configuration: a JSON object/],
    [{ 'event.poller.configuration': '{"trips":{}}' }, /no list 'trips'.*reports/],
    [{ 'event.poller.configuration': '{"reports":{"pageSize":0}}' }, /reports\.pageSize: a number from 1/],
    [
      { 'event.poller.configuration': '{"reports":{"datesConfiguration":{"updatedDateFormat":"yyyy Q"}}}' },
      /'Q'/,
    ],
    [
      { 'event.poller.configuration': '{"reports":{"datesConfiguration":{"updatedDateTimezone":"Mars"}}}' },
      /'Mars' is no time zone/,
    ],
    [{ 'event.poller.configuration': '{"reports":{"url":"/a/b/c"}}' }, /is no list of a resource/],
    [
      {
        'event.poller.configuration':
          '{"reports":{"url":"/hubs/expense/reports?where=a=\'${dateTimeZone:America/San_Francisco:yyyy}\'"}}',
      },
      /configuration\.event\.poller\.configuration\.reports\.url: .*'America\/San_Francisco' is no time zone/,
    ],
    [{ 'event.poller.refresh_interval': '0.5' }, /refresh_interval: a number of minutes from 1/],
    [{ 'event.notification.callback.url': 'ftp://example.test' }, /no http or https URL/],
  ])('%j is refused by its name', (configuration, message) => {
    expect(() => read({ ...on, ...(configuration as unknown as Record<string, string>) })).toThrow(message)
  })
})

describe('variables', () => {
  const at = new Date('2018-08-20T15:30:07.045Z')

  it.each([
    ["a='${date:yyyy-MM-dd'T'HH:mm:ss.SSS}'", "a='2018-08-20T15:30:07.045'"],
    ["a='${gmtDate:yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}'", "a='2018-08-20T15:30:07.045Z'"],
    ['a=${dateTimeZone:-8:00:yyyy-MM-dd HH:mm}', 'a=2018-08-20 07:30'],
    ['a=${dateTimeZone:America/New_York:HH}', 'a=11'],
    ['a=${epoch}', 'a=1534779007045'],
    ['a=${epoch:ms}', 'a=1534779007045'],
    ['a=${epoch:s}', 'a=1534779007'],
    ['a=${epoch:us}', 'a=1534779007045000'],
    ['a=${date}', 'a=2018-08-20T15:30:07.045Z'],
    ['a=${other}', 'a=${other}'],
  ])('%s becomes %s', (url, expected) => {
    expect(fillVariables(url, at)).toBe(expected)
    expect(checkedVariables(url, 'url')).toBe(url)
  })

  it.each([
    'a=${epoch:}&b=${date:}',
    'a=${dateTimeZone}',
    'a=${date:milliseconds}',
    'a=${date:yyyy-MM-dd%27T%27HH%3Amm}',
    "a=${dateTimeZone:GMT+2:yyyy-MM-dd'T'HH:mm}",
    'a=${dateTimeZone:PST:HH}',
  ])('%s is taken', (url) => {
    expect(checkedVariables(url, 'url')).toBe(url)
  })

  it.each([
    [
      '${epoch:seconds}',
      /^url: \$\{epoch:seconds\}: 'seconds' is no unit. Use s, ms or us, such as \$\{epoch:s\}/,
    ],
    ['${dateTimeZone:yyyy-MM-dd HH:mm}', /a zone and a pattern are needed/],
    ['${dateTimeZone:Mars:yyyy}', /'Mars' is no time zone\. Use a name such as Europe\/Berlin/],
    [
      '${dateTimeZone:-8:00:yyyy-MM-ddTHH}',
      /the pattern has 'T', which is no part of a date\. Put single quotes/,
    ],
    ['${gmtDate:YYYY-MM-dd}', /the pattern has 'Y'/],
    ['${date:yyyy}&b=${date:Q}', /\$\{date:Q\}: the pattern has 'Q'/],
  ])('%s is refused', (url, message) => {
    expect(() => checkedVariables(`a=${url}`, 'url')).toThrow(message)
  })
})
