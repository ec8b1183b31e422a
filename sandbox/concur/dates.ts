/**
 * Dates as v3 writes and reads them: no zone, 0 to 3 decimals on output.
 * Follows: developer.concur.com, Reports v3. Verified: 2026-08
 */
export const writeDate = (at: number): string => {
  const [whole = '', decimals = ''] = new Date(at).toISOString().slice(0, -1).split('.')
  const kept = decimals.replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}

export const writeDateOrNull = (at: number | null): string | null => (at === null ? null : writeDate(at))

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?)?$/

/**
 * Reads `yyyy-MM-dd` or `yyyy-MM-ddTHH:mm:ss[.SSS]`; undefined when the text is neither or no such day
 * exists. A zone is refused, because the page documents none.
 */
export const readDate = (text: string): number | undefined => {
  const parts = pattern.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', decimals = ''] = parts
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${decimals.padEnd(3, '0')}Z`
  const at = Date.parse(iso)
  return Number.isNaN(at) || new Date(at).toISOString() !== iso ? undefined : at
}
