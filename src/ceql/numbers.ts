/** A decimal number with optional sign, decimals and exponent; written so that matching never backtracks. */
export const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

/** The number that a text spells, blanks around it allowed; null when it spells none or one too large. */
export const readNumber = (text: string): number | null => {
  const trimmed = text.trim()
  if (!numberPattern.test(trimmed)) return null
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : null
}
