const leading = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/
const wholeFunction = /^(?:async\s+)?function\b\s*\*?\s*[\w$]*\s*\(([^()]*)\)/
const arrowFunction = /^(?:async\s+)?(?:\(([^()]*)\)|([\w$]+))\s*=>/

/** The parameters of a body that is, or begins with, a function; undefined: it does neither. */
const parametersOf = (body: string): readonly string[] | undefined => {
  const text = body.slice(leading.exec(body)?.[0].length ?? 0)
  const [, list = '', single] = wholeFunction.exec(text) ?? arrowFunction.exec(text) ?? []
  if (!wholeFunction.test(text) && !arrowFunction.test(text)) return undefined
  return (single ?? list)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** Whether every parameter is one of the names, so that the values are handed over by name. */
const isByName = (parameters: readonly string[], names: readonly string[]): boolean =>
  parameters.every((name) => names.includes(name))

/** A body without the head of the function that it is; undefined: its function has names of its own for the values. */
export const insideOf = (body: string, names: readonly string[]): string | undefined => {
  const parameters = parametersOf(body)
  if (parameters === undefined) return body
  if (!isByName(parameters, names)) return undefined
  const start = leading.exec(body)?.[0].length ?? 0
  const text = body.slice(start)
  return text.slice((wholeFunction.exec(text) ?? arrowFunction.exec(text))?.[0].length ?? 0)
}

/** A body as a function of named values: statements in a block, where they may declare those names anew. */
export const asStatements = (body: string, names: readonly string[]): string =>
  `(function (${names.join(', ')}) {{${body}\n}})`

/** A body that is itself a function, as a function of named values; undefined: it does not begin as one. */
export const asFunction = (body: string, names: readonly string[]): string | undefined => {
  const parameters = parametersOf(body)
  if (parameters === undefined) return undefined
  const given = isByName(parameters, names) ? parameters : names
  const expression = body.trimEnd().replace(/;+$/, '')
  return `(function (${names.join(', ')}) { return (${expression}\n)(${given.join(', ')}) })`
}
