import type { Row } from '../../api/shapes.ts'

/** Something of a vendor's row that can be mapped. */
export interface VendorField {
  /** As a mapping writes it: names with dots, `[*]` for every item of a list. */
  readonly path: string
  readonly type: string
  /** The first value that the sample shows there. */
  readonly sample: string | undefined
}

const deepest = 6
const mostPaths = 600
const longestSample = 40

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'string' : typeof value
}

const sampleOf = (value: unknown): string | undefined => {
  if (value === null || typeof value === 'object' || value === '') return undefined
  const text = String(value)
  return text.length <= longestSample ? text : `${text.slice(0, longestSample)} …`
}

type Found = Map<string, VendorField>

const note = (found: Found, path: string, type: string, value: unknown): void => {
  const known = found.get(path)
  if (known === undefined && found.size >= mostPaths) return
  found.set(path, { path, type: known?.type ?? type, sample: known?.sample ?? sampleOf(value) })
}

const walk = (found: Found, value: unknown, path: string, depth: number): void => {
  if (path !== '') note(found, path, typeOf(value), value)
  if (depth >= deepest || value === null || typeof value !== 'object') return
  if (Array.isArray(value)) {
    for (const item of value)
      if (item !== null && typeof item === 'object') walkMembers(found, item, `${path}[*]`, depth)
    return
  }
  walkMembers(found, value, path, depth)
}

const walkMembers = (found: Found, value: object, path: string, depth: number): void => {
  for (const [name, inner] of Object.entries(value))
    walk(found, inner, path === '' ? name : `${path}.${name}`, depth + 1)
}

/** The vendor's fields, as its element names them, and whatever else stands in sample rows, nested too. */
export const vendorFields = (
  named: readonly { readonly path: string; readonly type: string }[],
  rows: readonly Row[],
): readonly VendorField[] => {
  const found: Found = new Map(
    named.map(({ path, type }) => [path, { path, type, sample: undefined }] as const),
  )
  for (const row of rows) walk(found, row, '', 0)
  return [...found.values()]
}

const simple = (path: string): string => path.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')

/** The vendor's field that is called like a common one, but for case and punctuation. */
export const sameNamed = (path: string, fields: readonly VendorField[]): VendorField | undefined =>
  fields.find((field) => simple(field.path) === simple(path))
