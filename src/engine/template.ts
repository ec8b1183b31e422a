const braces = /\{(\w+)\}/

/** By the template's text. Elements write them, so there are few. */
const split = new Map<string, readonly string[]>()

/** The texts of a template and the names in its braces in turns, a text first. Made once a template. */
const partsOf = (template: string): readonly string[] => {
  const known = split.get(template)
  if (known !== undefined) return known
  const made = template.split(braces)
  split.set(template, made)
  return made
}

const isName = (at: number): boolean => at % 2 === 1

/** The names in a template's braces. */
export const namesInBraces = (template: string): readonly string[] =>
  partsOf(template).filter((_part, at) => isName(at))

/** The template with what `textFor` gives in place of each name in braces. */
export const filled = (template: string, textFor: (name: string) => string): string => {
  const parts = partsOf(template)
  let text = ''
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    text += isName(at) ? textFor(part) : part
  }
  return text
}
