/**
 * What runs in a new context before the script: an expression whose value is called with the host's helper and gives
 * the maker of entries. It takes what it needs of the language before a script can touch it, then freezes the language,
 * so that every entry finds it as the first one did; what a script leaves in the global object goes after each run.
 */
export const prelude = String.raw`(function (helper) {
  'use strict'
  const { parse, stringify } = JSON
  const { apply, ownKeys, deleteProperty, getPrototypeOf, defineProperty } = Reflect
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
    'iso2CountryCode', 'iso3CountryCode'])
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
  assignable(Object.prototype)
  assignable(Error.prototype)

  const frozen = new Set([globals, CE])
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
  for (const hidden of [function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](),
    ''[Symbol.iterator](), new Map().entries(), new Set().values(), ''.matchAll(/x/g)]) {
    freezeAll(getPrototypeOf(hidden))
    if (typeof hidden === 'function') freezeAll(hidden.prototype)
  }
  for (const key of ownKeys(globals)) {
    const found = getOwnPropertyDescriptor(globals, key)
    freezeAll(found.value)
    if ('value' in found) defineProperty(globals, key, { writable: false, configurable: false })
  }
  const ancestor = getPrototypeOf(globals)
  const keysAtFirst = ownKeys(globals).length

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
  const short = (words) => slice(words, 0, 500)

  /** Whether what a script left behind could not be taken away. */
  const isSoiled = () => ownKeys(globals).length !== keysAtFirst || getPrototypeOf(globals) !== ancestor

  return (script, byDone, watchedAt) => {
    let outcomes = []
    const runOne = (at, values, watched) => {
      const done = (given) => {
        if (typeof outcomes[at] === 'object') return
        outcomes[at] = given === undefined ? [] : given === watched ? [given, 1] : [given]
      }
      try {
        if (byDone) values[values.length] = done
        const returned = apply(script, undefined, values)
        if (!byDone) done(returned)
        else if (outcomes[at] === undefined) outcomes[at] = 'it did not call done()'
      } catch (thrown) {
        if (outcomes[at] === undefined) outcomes[at] = short(told(thrown))
      }
      for (const name in globals) deleteProperty(globals, name)
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
      outcomes = []
      for (let at = 0; at < count; at += 1) {
        const values = []
        for (let of = 0; of < each.length; of += 1) values[of] = each[of][at]
        for (let of = 0; of < shared.length; of += 1) values[each.length + of] = shared[of]
        runOne(at, values, values[watchedAt])
      }
      return print()
    }
    return { enter, print, isSoiled }
  }
})`
