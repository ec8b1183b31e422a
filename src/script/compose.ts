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

const reserved = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof var void while with yield`.split(/\s+/),
)

const identifiers = /(?<![.\w$\p{ID_Continue}])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu
const assignedAlone = /(?<![.\w$\p{ID_Continue}])([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=(?![=>])/gu
const assignedByLoop = /\bfor\s*\(\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s+(?:of|in)\b/gu
const assignedTogether = /[[{]([^[\]{}]*)[\]}]\s*=(?![=>])/g

/**
 * Names that a body assigns, declared or not, as far as its text tells; strings and comments are looked through, too.
 * A script of the legacy kind assigns names that it does not declare.
 */
export const assignedNames = (body: string): readonly string[] => {
  const single = [...body.matchAll(assignedAlone), ...body.matchAll(assignedByLoop)].map(
    ([, name = '']) => name,
  )
  const several = [...body.matchAll(assignedTogether)].flatMap(
    ([, list = '']) => list.match(identifiers) ?? [],
  )
  return [...new Set([...single, ...several])].filter((name) => !reserved.has(name))
}

const declared = (own: readonly string[]): string => (own.length === 0 ? '' : `var ${own.join(', ')};`)

/**
 * The text of a body as a function of named values: statements in a block, where they may declare those names anew.
 * @param own names that each run has for itself.
 */
export const asStatements = (body: string, names: readonly string[], own: readonly string[]): string =>
  `function (${names.join(', ')}) {${declared(own)}{${body}\n}}`

/** The same of a body that is itself a function; undefined: it does not begin as one. */
export const asFunction = (
  body: string,
  names: readonly string[],
  own: readonly string[],
): string | undefined => {
  const parameters = parametersOf(body)
  if (parameters === undefined) return undefined
  const given = isByName(parameters, names) ? parameters : names
  const expression = body.trimEnd().replace(/;+$/, '')
  return `function (${names.join(', ')}) {${declared(own)} return (${expression}\n)(${given.join(', ')}) }`
}
