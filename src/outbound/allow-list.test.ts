import { describe, expect, it } from 'vitest'
import { readAddress } from './address.ts'
import { mayReach, parseAllowList } from './allow-list.ts'

describe('parseAllowList', () => {
  it('reads names, addresses and ranges', () => {
    const items = [
      'ERP.Internal.',
      'localhost',
      'host_1',
      'bücher.example',
      '10.0.0.0/8',
      '192.168.1.7',
      'fd00::/8',
      '[::1]',
    ]
    const { hosts, ranges } = parseAllowList(items)
    expect([...hosts]).toEqual(['erp.internal', 'localhost', 'host_1', 'xn--bcher-kva.example'])
    expect(ranges.map(({ start, bits }) => `${start.ip}/${bits}`)).toEqual([
      '10.0.0.0/8',
      '192.168.1.7/32',
      'fd00::/8',
      '::1/128',
    ])
  })

  it.each([
    ['http://erp.internal', /leave out scheme and path/],
    ['erp.internal/x', /leave out scheme and path/],
    ['me@erp.internal', /leave out/],
    ['erp.internal:8080', /without a port/],
    ['10.0.0.1:80', /without a port/],
    ['*.internal', /patterns/],
    ['10.0.0.0/33', /from 0 to 32/],
    ['10.0.0.0/', /from 0 to 32/],
    ['10.0.0.0/8/8', /from 0 to 32/],
    ['10.0.0.0/-1', /from 0 to 32/],
    ['fd00::/129', /from 0 to 128/],
    ['::ffff:10.0.0.0/104', /write it as IPv4/],
    ['2130706433', /another spelling of 127\.0\.0\.1/],
    ['10.1', /another spelling of 10\.0\.0\.1/],
    ['010.0.0.0/8', /leave out/],
    ['', /neither/],
    ['a..b', /neither/],
    ['a b', /neither/],
  ])('refuses %j by its name', (item, message) => {
    const parse = (): unknown => parseAllowList(['good.example', item])
    expect(parse).toThrow(message)
    expect(parse).toThrow(`'${item}'`)
  })
})

describe('mayReach', () => {
  const list = parseAllowList(['erp.internal', '10.0.0.0/8', '0.0.0.0/0', '198.18.0.0/15', 'fd00::/8'])
  const none = parseAllowList([])
  const ask = (
    allow: typeof list,
    host: string,
    secure: boolean,
    trusted: boolean,
    text: string,
  ): boolean => {
    const address = readAddress(text)
    return address !== null && mayReach(allow, { host, secure, trusted }, address)
  }

  it.each([
    ['TLS to a public address needs no list', true, none, 'x.example', true, false, '8.8.8.8'],
    ['plain http to a public address does', false, none, 'x.example', false, false, '8.8.8.8'],
    ['a private address does', false, none, 'x.example', true, false, '10.0.0.1'],
    ['a listed name opens private addresses', true, list, 'erp.internal', false, false, 'fc00::1'],
    [
      'a listed name does not open metadata services',
      false,
      list,
      'erp.internal',
      true,
      false,
      '169.254.169.254',
    ],
    ['a range opens what it holds', true, list, 'x.example', false, false, '10.9.8.7'],
    ['a range opens the mapped spelling too', true, list, 'x.example', false, false, '::ffff:10.9.8.7'],
    ['an IPv6 range opens what it holds', true, list, 'x.example', false, false, 'fd12::1'],
    ['an IPv6 range opens nothing else', false, list, 'x.example', false, false, 'fc12::1'],
    [
      'a range of everything opens no special address',
      false,
      list,
      'x.example',
      true,
      false,
      '169.254.169.254',
    ],
    ['a range of special addresses does', true, list, 'x.example', true, false, '198.19.0.1'],
    ['nothing opens 0.0.0.0', false, list, 'erp.internal', true, true, '0.0.0.0'],
    ['nothing opens multicast', false, list, 'erp.internal', true, true, '224.0.0.1'],
    ['a trusted origin reaches loopback', true, none, '127.0.0.1', false, true, '127.0.0.1'],
    ['a trusted origin reaches no metadata service', false, none, 'x', false, true, '169.254.169.254'],
  ] as const)('%s', (_title, answer, allow, host, secure, trusted, text) => {
    expect(ask(allow, host, secure, trusted, text)).toBe(answer)
  })
})
