/** What makes a `<` the start of markup (WHATWG HTML, 13.2.5.6 "Tag open state"). */
const opens = /[a-z/!?]/i

/** A `>` inside quotes does not end a tag. A quote without its partner is a plain character. */
const createTagEnd = (text: string) => {
  // Once a search found no further partner, none after that place will: so all searches together stay linear.
  const exhausted = { '"': false, "'": false }
  const closingQuote = (quote: '"' | "'", from: number): number => {
    if (exhausted[quote]) return -1
    const found = text.indexOf(quote, from)
    exhausted[quote] = found < 0
    return found
  }
  /** Past a quoted value that begins here, else here. */
  const skipQuoted = (at: number): number => {
    const char = text[at]
    if (char !== '"' && char !== "'") return at
    return Math.max(at, closingQuote(char, at + 1))
  }
  return (start: number): number => {
    let afterEquals = false
    for (let at = start; at < text.length; at++) {
      if (text[at] === '>') return at
      if (afterEquals) at = skipQuoted(at)
      const char = text[at]
      afterEquals = char === '=' || (afterEquals && (char === ' ' || char === '\t' || char === '\n'))
    }
    return -1
  }
}

/**
 * Removes HTML tags and comments and keeps the text between them: `<b onclick=x>Acme</b>` becomes `Acme`
 * (spec/contract.md 2, names and tags). `a < b` stays. Markup that never ends goes up to the end of the text,
 * as in a browser. The result holds no `<` before a letter, `/`, `!` or `?`, also where removed tags stood
 * between them. Linear time.
 */
export const stripMarkup = (text: string): string => {
  if (!text.includes('<')) return text
  const tagEnd = createTagEnd(text)
  const kept: string[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (kept.at(-1) !== '<' || !opens.test(char)) {
      kept.push(char)
      continue
    }
    kept.pop()
    const comment = text.startsWith('!--', at)
    const end = comment ? text.indexOf('-->', at + 1) : tagEnd(at)
    if (end < 0) break
    at = comment ? end + 2 : end
  }
  return kept.join('')
}
