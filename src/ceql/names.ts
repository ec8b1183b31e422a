const part = String.raw`[\p{L}\p{N}\p{M}_$-]+(?:\[(?:\d+|\*)\])*`
const fieldName = new RegExp(String.raw`^(?!-)${part}(?:\.${part})*$`, 'u')
const plainStart = /^[\p{L}_$]/u
const reserved = new Set(['and', 'or', 'not', 'in', 'like', 'is', 'null'])

/** Whether a bare word can name a field: parts of letters, digits, `_`, `-`, `$`, with indexes, joined by dots. */
export const isFieldName = (word: string): boolean => fieldName.test(word)

/** The name as a query writes it: bare where that reads back as the same name, else in back-ticks. */
export const printName = (name: string): string => {
  const bare = plainStart.test(name) && isFieldName(name) && !reserved.has(name.toLowerCase())
  return bare ? name : `\`${name.replaceAll('`', '``')}\``
}
