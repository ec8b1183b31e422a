/** For each prefix, the length of its longest proper prefix that is also its end (Knuth, Morris, Pratt 1977). */
const borders = (piece: string): readonly number[] => {
  const table = [0]
  for (let at = 1, length = 0; at < piece.length; at++) {
    while (length > 0 && piece[at] !== piece[length]) length = table[length - 1] ?? 0
    if (piece[at] === piece[length]) length += 1
    table.push(length)
  }
  return table
}

type Search = (text: string, from: number) => number

/** Finds where the piece ends in a text, or -1: linear, whereas indexOf has inputs on which it is quadratic. */
const createSearch = (piece: string): Search => {
  const table = borders(piece)
  return (text, from) => {
    let length = 0
    for (let at = from; at < text.length; at++) {
      while (length > 0 && text[at] !== piece[length]) length = table[length - 1] ?? 0
      if (text[at] === piece[length]) length += 1
      if (length === piece.length) return at + 1
    }
    return -1
  }
}

/**
 * A test for one LIKE pattern: `%` stands for any run of characters, every other character, `_` among them,
 * for itself, upper and lower case apart. Time is linear in the text. Source: spec, contract section 4.
 */
export const createLike = (pattern: string): ((text: string) => boolean) => {
  const pieces = pattern.split('%')
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return (text) => text === first
  const last = pieces.at(-1) ?? ''
  const searches = pieces
    .slice(1, -1)
    .filter((piece) => piece !== '')
    .map(createSearch)
  return (text) => {
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const search of searches) {
      at = search(text, at)
      if (at < 0) return false
    }
    return text.length - at >= last.length && text.endsWith(last)
  }
}
