import { insideOf } from './compose.ts'
import type { ScriptCall } from './script-call.ts'

/**
 * Words by which a script can reach a value other than by its name, or lay hands on every object. Each is looked for in
 * the whole text, comments and strings too: one too many only means that whole objects are handed over.
 */
const reaches =
  /\\u|\b(?:eval|Function|arguments|this|with|Proxy|Reflect|prototype|__proto__|setPrototypeOf|constructor)\b/

/** Names that an object answers without having them. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** A member by a name that stands there, and nothing else. */
const member =
  /^\s*(?:(?:\?\s*)?\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)|(?:\?\.)?\s*\[\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)")\s*\])/u

const around = 200

/** Any function but the body itself: what it returns goes on being used. */
const hasFunctions =
  /=>|\b(?:function|class|get|set)\b|(?<!\b(?:if|for|while|switch|catch)\s*)\([^()]*\)\s*\{/

/** Whether a value is handed to `done`, or returned by a body that answers so. */
const isAnswered = (before: string, behind: string, byReturn: boolean): boolean => {
  if (/(?<![.\w$\p{ID_Continue}])done\s*\(\s*$/u.test(before)) return /^\s*\)/.test(behind)
  return byReturn && /(?<![.\w$\p{ID_Continue}])return\s+$/u.test(before) && /^\s*(?:[;}]|$)/.test(behind)
}

const uses = (name: string): RegExp =>
  new RegExp(`(?<![\\w$\\p{ID_Continue}])${name}(?![\\w$\\p{ID_Continue}])`, 'gu')

/** Whether `done` is only called, and nothing else of that name made. */
const isDoneItself = (text: string): boolean =>
  [...text.matchAll(uses('done'))].every(({ index }) => {
    const before = text.slice(Math.max(0, index - around), index)
    return (
      /^\s*\(/.test(text.slice(index + 4, index + around)) && !/(?:\.|\bfunction\b\s*\*?)\s*$/.test(before)
    )
  })

/**
 * The members of a named value that a body reads or writes, where every use of the name is a member by a name that
 * stands there, or the answer as a whole; undefined where that cannot be told. Empty: the body does not use the name.
 * @param names all that the body is given.
 */
export const fieldsRead = (
  { body, answers }: Pick<ScriptCall, 'body' | 'answers'>,
  name: string,
  names: readonly string[],
): readonly string[] | undefined => {
  const text = insideOf(body, [...names, 'done'])
  if (text === undefined || reaches.test(text) || !isDoneItself(text)) return undefined
  const byReturn = answers === 'return' && !hasFunctions.test(body)
  const found = new Set<string>()
  for (const { index } of text.matchAll(uses(name))) {
    const before = text.slice(Math.max(0, index - around), index)
    const behind = text.slice(index + name.length)
    if (isAnswered(before, behind.slice(0, around), byReturn)) continue
    const [, dotted, single, double] = member.exec(behind) ?? []
    const field = dotted ?? single ?? double
    if (field === undefined || inherited.has(field)) return undefined
    found.add(field)
  }
  return [...found]
}
