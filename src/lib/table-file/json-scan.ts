/** Where a scan of JSON stands. */
export interface JsonPlace {
  depth: number
  /** The greatest depth so far. */
  deepest: number
  inText: boolean
  escaped: boolean
}

export const jsonStart = (): JsonPlace => ({ depth: 0, deepest: 0, inText: false, escaped: false })

const textEnd = 34
const backslash = 92

const step = (place: JsonPlace, code: number): void => {
  if (place.escaped) place.escaped = false
  else if (place.inText) {
    if (code === backslash) place.escaped = true
    else if (code === textEnd) place.inText = false
  } else if (code === textEnd) place.inText = true
  else if (code === 123 || code === 91) {
    place.depth += 1
    if (place.depth > place.deepest) place.deepest = place.depth
  } else if (code === 125 || code === 93) place.depth -= 1
}

/**
 * Goes on to a character outside texts and brackets that `isEnd` wants, brackets counted before it is asked, and says
 * where it stands; -1: not in this text. `place` is moved on.
 */
export const scanJson = (
  text: string,
  from: number,
  place: JsonPlace,
  isEnd: (code: number, depth: number) => boolean,
): number => {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    step(place, code)
    if (place.depth <= 0 && !place.inText && isEnd(code, place.depth)) return at
  }
  return -1
}
