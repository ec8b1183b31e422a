import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Names by which a body reaches a library; without one of them none is loaded. */
const asks = /\b(?:lodash|require|util)\b|(?<![\w$.])_\s*[.(]/

let lodash: string | undefined

const lodashSource = (): string => {
  lodash ??= readFileSync(createRequire(import.meta.url).resolve('lodash/lodash.min.js'), 'utf8')
  return lodash
}

/** What scripts of Cloud Elements may use beside the language (spec/contract.md 2.1, hooks). */
const utilities = `
  const inspect = (value) => (typeof value === 'string' ? value : JSON.stringify(value))
  const util = {
    inspect,
    format: (text, ...given) => {
      const rest = [...given]
      const filled = String(text).replace(/%[sdijo%]/g, (sign) =>
        sign === '%%' ? '%' : rest.length === 0 ? sign : sign === '%s' ? String(rest.shift()) : inspect(rest.shift()))
      return [filled, ...rest.map(inspect)].join(' ')
    },
    isArray: Array.isArray,
    isString: (value) => typeof value === 'string',
    isNumber: (value) => typeof value === 'number',
    isObject: (value) => typeof value === 'object' && value !== null,
    isFunction: (value) => typeof value === 'function',
    isNullOrUndefined: (value) => value === null || value === undefined,
  }`

/**
 * Code that puts libraries into a new context, as globals and behind `require`; undefined: the body asks for none.
 * `require` of anything else throws: a script reaches no network and no file.
 */
export const librariesFor = (body: string): string | undefined =>
  asks.test(body)
    ? `(function () {
  'use strict'
  const module = { exports: {} }
  ;(function (module, exports) {
${lodashSource()}
  }).call(globalThis, module, module.exports)
  const lodash = module.exports
  ${utilities}
  const libraries = { __proto__: null, lodash, util }
  const require = (name) => {
    const found = libraries[name]
    if (found !== undefined) return found
    throw new Error("require: there is lodash and util here, not '" + String(name).slice(0, 64) + "'")
  }
  for (const [name, value] of [['lodash', lodash], ['_', lodash], ['util', util], ['require', require]])
    Object.defineProperty(globalThis, name, { value, enumerable: true, configurable: true })
})()`
    : undefined
