import { createHash, createHmac, getHashes, randomBytes, randomUUID } from 'node:crypto'
import { countries, getCountryData, type TCountryCode } from 'countries-list'

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

const codes = Object.keys(countries) as readonly TCountryCode[]

/** Names in small letters without accents and marks, as people write them. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

/** Countries by every name that they go by here, and by their codes; made when first asked for. */
let byName: ReadonlyMap<string, TCountryCode> | undefined

const countryNamed = (name: string): TCountryCode => {
  byName ??= new Map(
    codes.flatMap((code) => {
      const { name: english, native, iso3 } = getCountryData(code)
      const names = [english, native, regionNames.of(code) ?? english, code, iso3]
      return names.map((one): [string, TCountryCode] => [plain(one), code])
    }),
  )
  const found = byName.get(plain(name))
  if (found === undefined) throw new Error(`there is no country '${name.slice(0, 64)}'`)
  return found
}

/** The currency of an amount in small words, `£`; its code where it has no sign. */
const symbolOf = (currency: string): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  return format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency
}

const encodings = ['hex', 'base64', 'base64url', 'binary'] as const

const hmac = (algorithm: string, encoding: string, text: string, key: string): string => {
  const name = algorithm.toLowerCase().replaceAll('-', '')
  const known = getHashes().some((hash) => hash.toLowerCase() === name)
  if (!known) throw new Error(`hmac: there is no algorithm '${algorithm.slice(0, 64)}'`)
  const wanted = encodings.find((one) => one === encoding.toLowerCase())
  if (wanted === undefined) throw new Error(`hmac: the encoding is one of ${encodings.join(', ')}`)
  return createHmac(name, key).update(text).digest(wanted)
}

/** `hmacSha256Hex(text, key)` and its kind. */
const keyed = Object.fromEntries(
  ['Md5', 'Sha1', 'Sha256', 'Sha512'].flatMap((algorithm) =>
    ['Hex', 'Base64'].map((encoding) => [
      `hmac${algorithm}${encoding}`,
      (text = '', key = '') => hmac(algorithm, encoding, text, key),
    ]),
  ),
)

const mostRandom = 1_024

/** Letters and digits, as many as are asked for; 10 where nothing sensible is. */
const randomText = (length: string): string => {
  const wanted = Number(length)
  const count = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, mostRandom) : 10
  return randomBytes(count * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, count)
}

/** The helpers of `CE` (spec/behaviour.md 6.2), by name; `hmac` with all of its arguments at once. */
export const helpers: Readonly<Record<string, (...given: readonly string[]) => string>> = {
  randomEmail: () => `${randomUUID()}@example.com`,
  b64: (text = '') => Buffer.from(text).toString('base64'),
  decode64: (text = '') => Buffer.from(text, 'base64').toString('utf8'),
  hmac: (algorithm = '', encoding = '', text = '', key = '') => hmac(algorithm, encoding, text, key),
  randomString: (length = '') => randomText(length),
  md5: (text = '') => createHash('md5').update(text).digest('hex'),
  ...keyed,
  currencyCode: (country = '') => getCountryData(countryNamed(country)).currency[0] ?? '',
  currencySymbol: (currency = '') => symbolOf(currency),
  iso2CountryCode: (country = '') => countryNamed(country),
  iso3CountryCode: (country = '') => getCountryData(countryNamed(country)).iso3,
}
