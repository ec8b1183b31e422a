/** Objects and lists inside one another that JSON from outside may have. */
export const deepestNesting = 200

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const hasForbiddenKey = (value: object): boolean =>
  Object.hasOwn(value, '__proto__') ||
  (Object.hasOwn(value, 'constructor') &&
    'constructor' in value &&
    isObject(value.constructor) &&
    Object.hasOwn(value.constructor, 'prototype'))

const isUnfit = (one: unknown): boolean =>
  typeof one === 'string' && (!one.isWellFormed() || one.includes('\u0000'))

/** The text that no database or vendor takes: with a NUL, or with half of a surrogate pair. */
const unfitName = (value: object): string | undefined => {
  for (const [key, inner] of Object.entries(value)) {
    if (!isUnfit(key) && !isUnfit(inner) && !(Array.isArray(inner) && inner.some(isUnfit))) continue
    return isUnfit(key) ? 'a key' : key.slice(0, 64)
  }
  return undefined
}

const harmOf = (value: object): string | undefined => {
  if (hasForbiddenKey(value)) return 'the keys __proto__ and constructor.prototype are not allowed.'
  const name = unfitName(value)
  return name === undefined
    ? undefined
    : `${name} holds a NUL or half of a surrogate pair; send whole characters.`
}

/**
 * What would do harm later in a value that JSON.parse gave, as a sentence: keys that reach prototypes, nesting that
 * exhausts the stack, texts that no database or vendor takes. Undefined for a value that does none. No recursion.
 */
export const findHarm = (value: unknown): string | undefined => {
  let level: readonly object[] = [[value]]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestNesting) return `nested deeper than ${deepestNesting} levels.`
    const next: object[] = []
    for (const one of level) {
      const harm = harmOf(one)
      if (harm !== undefined) return harm
      for (const inner of Object.values(one)) if (isObject(inner)) next.push(inner)
    }
    level = next
  }
  return undefined
}
