const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/

/** A number as decimal digits, without an exponent: `1e21` is `1000000000000000000000`. */
export const printDecimal = (value: number): string => {
  const text = String(value)
  const [, sign = '', first = '', rest = '', exponent = ''] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? []
  if (exponent === '') return text
  const digits = first + rest
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return point >= digits.length
    ? `${sign}${digits}${'0'.repeat(point - digits.length)}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** The digits without a sign and without zeros that say nothing. Loops: a pattern for zeros at the end backtracks. */
const bareDigits = (text: string): string => {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  let start = 0
  while (whole[start] === '0') start++
  let end = fraction.length
  while (fraction[end - 1] === '0') end--
  return `${whole.slice(start)}.${fraction.slice(0, end)}`
}

/**
 * The number that decimal digits tell; undefined: they tell none; `inexact`: they tell one that would be written with
 * other digits, or is too large or too small for any. At most 15 digits are never so (IEEE 754, binary64).
 */
export const numberOfDecimal = (text: string): number | 'inexact' | undefined => {
  const trimmed = text.trim()
  if (!numeral.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) && bareDigits(printDecimal(value)) === bareDigits(trimmed) ? value : 'inexact'
}

/** What is said of a text that is `inexact`, behind the name of what holds it. */
export const inexactWords = (text: string): string =>
  `'${text.trim().slice(0, 40)}' has more digits than a number holds, and would be changed. Send at most 15.`
