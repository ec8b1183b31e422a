/**
 * What a field of a ready-made common resource holds, whatever the vendor writes: money as decimal text whose currency is
 * a field of its own, a moment in ISO 8601 at UTC, a calendar day without a time of day and so without a zone.
 */
export type ReadyMadeKind = 'text' | 'money' | 'number' | 'boolean' | 'moment' | 'day'

export interface ReadyMadeField {
  readonly path: string
  readonly kind: ReadyMadeKind
  readonly displayName: string
  /** A whole sentence. */
  readonly description: string
  /** Absent: it has none. */
  readonly unit?: string
}

/** A common resource that every vendor of a hub can be shown as. It names no vendor. */
export interface ReadyMade {
  readonly objectName: string
  readonly description: string
  readonly fields: readonly ReadyMadeField[]
}

/** How a resource of an element is shown as a ready-made one. */
export interface Template {
  readonly objectName: string
  /** A resource of the element. */
  readonly vendorName: string
  /** Where each field stands in its rows, by path; a field that is not here has no counterpart. */
  readonly fields: Readonly<Record<string, string>>
}
