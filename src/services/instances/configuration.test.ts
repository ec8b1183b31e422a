import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Json } from '#src/lib/json.ts'
import {
  type Configuration,
  changedConfiguration,
  shownConfiguration,
  splitSecrets,
} from './configuration.ts'
import { configurationItems } from './configuration-items.ts'
import { isSecretKey } from './secret-keys.ts'

const [element] = catalogueElements({})
if (element === undefined) throw new Error('no element to test with')

const key = fc.oneof(
  fc.constantFrom('oauth.api.key', 'oauth.api.secret', 'filter.response.nulls', 'password', 'event.objects'),
  fc.constantFrom('toString', 'hasOwnProperty', 'valueOf'),
  fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((text) => !/\0|\p{Surrogate}/u.test(text) && text !== '__proto__'),
)
const value = fc.option(fc.string({ unit: 'grapheme-ascii' }).filter((text) => text !== '********'))
const configuration: fc.Arbitrary<Configuration> = fc.dictionary(key, value, { noNullPrototype: true })

const shown = (stored: Configuration): Configuration => shownConfiguration(element, stored)

describe('a configuration', () => {
  it('is unchanged by what was shown of it, whatever it holds', () => {
    fc.assert(
      fc.property(configuration, fc.boolean(), (stored, deep) => {
        expect(changedConfiguration(element, stored, shown(stored), deep)).toEqual(stored)
      }),
    )
  })

  it('keeps every key that a change does not name, and takes those that it does', () => {
    fc.assert(
      fc.property(configuration, configuration, fc.boolean(), (stored, change, deep) => {
        const next = changedConfiguration(element, stored, change, deep)
        expect(shown(next)).toEqual({ ...shown(stored), ...shown({ ...stored, ...change }) })
      }),
    )
  })

  it('shows no secret, and each key once with an id of its own', () => {
    fc.assert(
      fc.property(configuration, (stored) => {
        const items = configurationItems(element, 7, stored)
        expect(new Set(items.map((item) => item.id)).size).toBe(items.length)
        expect(new Set(items.map((item) => item.key)).size).toBe(items.length)
        for (const name of Object.keys(stored).filter((one) => isSecretKey(element, one)))
          expect(items.find((item) => item.key === name)?.propertyValue).toBe('********')
      }),
    )
  })

  it('is split into what is sealed and what is not, and nothing that is masked lies open', () => {
    fc.assert(
      fc.property(configuration, (stored) => {
        const { plain, secret } = splitSecrets(element, stored)
        expect({ ...plain, ...secret }).toEqual(stored)
        for (const name of Object.keys(plain)) expect(isSecretKey(element, name)).toBe(false)
      }),
    )
  })

  it.each<[string, string | null, Json, string]>([
    ['merges objects deep', '{"a":{"b":1,"c":2}}', { a: { b: 3 } }, '{"a":{"b":3,"c":2}}'],
    ['replaces lists whole', '{"a":[1,2]}', { a: [3] }, '{"a":[3]}'],
    ['replaces what is no object', 'text', { a: 1 }, '{"a":1}'],
    ['replaces an object by a text', '{"a":1}', '{"b":2}', '{"b":2}'],
    ['takes the place of null', null, { a: 1 }, '{"a":1}'],
  ])('%s', (_title, stored, change, expected) => {
    const name = 'event.poller.configuration'
    expect(changedConfiguration(element, { [name]: stored }, { [name]: change }, true)).toEqual({
      [name]: expected,
    })
  })
})
