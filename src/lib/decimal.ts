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

/** The number that decimal digits tell; undefined: they tell none. */
export const numberOfDecimal = (text: string): number | undefined => {
  const trimmed = text.trim()
  return numeral.test(trimmed) ? Number(trimmed) : undefined
}
