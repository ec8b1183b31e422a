/**
 * What runs in a new context before the script: an expression whose value is called with the host's helper and gives
 * the maker of entries. It takes what it needs of the language before a script can touch it, then freezes the language,
 * the global object and the script's own function too: there is nothing on which a run could leave a thing for the next.
 */
export const prelude = String.raw`(function (helper) {
  'use strict'
  const { parse, stringify } = JSON
  const { apply, ownKeys, deleteProperty, getPrototypeOf, defineProperty } = Reflect
  const sourceOf = uncurried(Function.prototype.toString)
  const { freeze, getOwnPropertyDescriptor } = Object
  const exec = uncurried(RegExp.prototype.exec)
  const slice = uncurried(String.prototype.slice)
  const lower = uncurried(String.prototype.toLowerCase)
  const globals = globalThis
  const text = String
  function uncurried(method) {
    return (self, ...rest) => apply(method, self, rest)
  }

  const quiet = () => undefined
  const console = {}
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'time', 'timeEnd', 'assert'])
    console[name] = quiet

  const hmac = (algorithm) => (encoding) => (message, key) => helper('hmac', algorithm, encoding, message, key)
  const helpers = { __proto__: null, hmac }
  for (const name of ['randomEmail', 'b64', 'decode64', 'hmacSha256Hex', 'currencyCode', 'currencySymbol',
    'iso2CountryCode', 'iso3CountryCode', 'randomString', 'md5', 'hmacMd5Hex', 'hmacMd5Base64', 'hmacSha1Hex',
    'hmacSha1Base64', 'hmacSha256Base64', 'hmacSha512Hex', 'hmacSha512Base64'])
    helpers[lower(name)] = (...given) => helper(name, ...given)
  const CE = new Proxy(freeze(helpers), {
    get: (all, name) => (typeof name === 'string' ? all[lower(name)] : undefined),
  })
  defineProperty(globals, 'console', { value: freeze(console) })
  defineProperty(globals, 'CE', { value: CE })

  /** A script may assign a member of such a name to an object of its own although the language is frozen. */
  const assignable = (object) => {
    for (const name of ['constructor', 'toString', 'valueOf', 'name', 'message']) {
      const found = getOwnPropertyDescriptor(object, name)
      if (found === undefined || !('value' in found)) continue
      const { value } = found
      defineProperty(object, name, {
        get: () => value,
        set(given) {
          defineProperty(this, name, { value: given, writable: true, enumerable: true, configurable: true })
        },
      })
    }
  }
  // Scripts of old read bodies as texts that come as what they say here.
  defineProperty(JSON, 'parse', {
    value: (given, revive) =>
      typeof given === 'object' && given !== null ? parse(stringify(given), revive) : parse(given, revive),
    writable: true,
    configurable: true,
  })
  assignable(Object.prototype)
  assignable(Error.prototype)

  // Code of a text has declarations that stay, out of reach of all that is frozen here.
  const NoFunction = function Function() {
    throw new TypeError('a script runs no code of a text')
  }
  NoFunction.prototype = Function.prototype
  deleteProperty(globals, 'eval')
  defineProperty(globals, 'Function', { value: NoFunction })
  const makers = [function () {}, function* () {}, async function () {}, async function* () {}]
  for (const made of makers) defineProperty(getPrototypeOf(made), 'constructor', { value: NoFunction })

  const frozen = new Set([globals])
  const freezeAll = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || frozen.has(value)) return
    frozen.add(value)
    freeze(value)
    freezeAll(getPrototypeOf(value))
    for (const key of ownKeys(value)) {
      const { value: inner, get, set } = getOwnPropertyDescriptor(value, key)
      freezeAll(inner)
      freezeAll(get)
      freezeAll(set)
    }
  }
  const given = function () { return arguments }
  for (const hidden of [...makers, [].values(), ''[Symbol.iterator](), new Map().entries(), new Set().values(),
    ''.matchAll(/x/g), [].values().map(quiet), Iterator.from({ next: quiet }), Iterator.concat([])])
    freezeAll(getPrototypeOf(hidden))
  freezeAll(given())
  for (const key of ownKeys(globals)) {
    const found = getOwnPropertyDescriptor(globals, key)
    freezeAll(found.value)
  }
  freeze(globals)

  /** What was thrown, in words. */
  const told = (thrown) => {
    try {
      if (thrown === null) return 'null, as where memory runs out'
      if (typeof thrown !== 'object') return text(thrown)
      const line = exec(/script\.js:(\d+)/, text(thrown.stack))
      return text(thrown.name) + ': ' + text(thrown.message) + (line === null ? '' : ' (line ' + line[1] + ')')
    } catch {
      return 'something that cannot be told'
    }
  }
  const freezeData = (data) => {
    if (typeof data !== 'object' || data === null) return
    freeze(data)
    for (const key of ownKeys(data)) freezeData(data[key])
  }
  const short = (words) => slice(words, 0, 500)

  return (script, source, byDone, watchedAt) => {
    // A body that closes the function which it stands in would go on outside of it.
    if (sourceOf(script) !== source) throw new SyntaxError('a brace is closed that the script did not open')
    freezeAll(script)
    let outcomes = []
    const runOne = (at, values, watched) => {
      const mine = outcomes
      const done = (given) => {
        if (typeof mine[at] === 'object') return
        mine[at] = given === undefined ? [] : given === watched ? [given, 1] : [given]
      }
      try {
        if (byDone) values[values.length] = done
        const returned = apply(script, undefined, values)
        if (!byDone) done(returned)
        else if (outcomes[at] === undefined) outcomes[at] = 'it did not call done()'
      } catch (thrown) {
        if (outcomes[at] === undefined) outcomes[at] = short(told(thrown))
      }
    }
    const print = () => {
      try {
        return stringify(outcomes)
      } catch {
        for (let at = 0; at < outcomes.length; at += 1)
          try {
            stringify(outcomes[at])
          } catch (thrown) {
            outcomes[at] = short(told(thrown))
          }
        return stringify(outcomes)
      }
    }
    const enter = (input) => {
      const [count, each, shared] = parse(input)
      freezeData(shared)
      outcomes = []
      for (let at = 0; at < count; at += 1) {
        const values = []
        for (let of = 0; of < each.length; of += 1) values[of] = each[of][at]
        for (let of = 0; of < shared.length; of += 1) values[each.length + of] = shared[of]
        runOne(at, values, values[watchedAt])
      }
      return print()
    }
    return { enter, print }
  }
})`
