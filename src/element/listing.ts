export type FieldType = 'text' | 'number' | 'boolean' | 'datetime' | 'object'

/** A parameter of the vendor that narrows a listing. */
export interface Filter {
  /** The name in the vendor's request, and the pseudo-field by which callers may ask for it. */
  readonly param: string
  readonly means: 'equals' | 'after' | 'before'
  readonly type: Exclude<FieldType, 'object'>
  /** The row's field that it looks at; absent: it looks at something that a row does not show. */
  readonly field?: string
  /** Several values in one parameter, joined by commas. */
  readonly list?: true
  /** Seconds by which a bound is sent wider, because it is not known whether it includes its border. */
  readonly widenSeconds?: number
  /** Callers reach it only through its field, never by `param`. */
  readonly hidden?: true
  /** The vendor's name for it; absent: `param`. */
  readonly sentAs?: string
  /** Goes before the value, such as an operator. */
  readonly prefix?: string
  readonly description?: string
}

/** How filters travel: each as a query parameter, as one SCIM filter in a POST (RFC 7644 3.4.3), or in groups. */
export type FilterStyle =
  | { readonly kind: 'parameters' }
  | { readonly kind: 'scim'; readonly searchPath: string; readonly schema: string }
  | FilterGroups

/**
 * One search in a POST of JSON: groups of filters (`filterGroups`), of which one must hold whole. Results are asked for
 * in the order of the key, each page from after the last key of the page before: vendors end a search that is paged by
 * number after so many results, and a row that changes meanwhile moves the others.
 */
export interface FilterGroups {
  readonly kind: 'groups'
  readonly searchPath: string
  /** The vendor's name of the key, a number there. */
  readonly key: string
  /** The vendor's names of the fields that it can look at. */
  readonly names: Readonly<Record<string, string>>
  /** Of these fields those that hold one of a few texts, which the vendor tells apart by case; other texts it does not. */
  readonly choices: readonly string[]
  readonly mostGroups: number
  /** In one group, and in all of them. */
  readonly mostFilters: number
  readonly mostInAll: number
  /** In one list of values. */
  readonly mostValues: number
  /** Characters of all groups as JSON. */
  readonly mostCharacters: number
  /** Rows at once, which may be others than of the listing. */
  readonly maxSize: number
}

export type Pagination =
  /** The reply holds the next page's URL; its `cursorParam` is taken over, its host is not. */
  | {
      readonly kind: 'next-url'
      readonly next: string
      readonly cursorParam: string
      readonly sizeParam: string
      readonly maxSize: number
    }
  /** The reply holds a token for the next page, under a name or below several. */
  | {
      readonly kind: 'cursor'
      readonly next: string | readonly [string, ...string[]]
      readonly cursorParam: string
      readonly sizeParam: string
      readonly maxSize: number
    }
  /** Pages are numbered from 1 and of a fixed size; the object `next` of the reply tells in `count` how many. */
  | {
      readonly kind: 'page-number'
      readonly next: string
      readonly count: string
      readonly cursorParam: string
      readonly maxSize: number
    }
  /** A coded search keeps its own cursor. */
  | { readonly kind: 'coded'; readonly maxSize: number }
  /** Everything comes at once. */
  | { readonly kind: 'none' }

/** Members of a field that the vendor sends only where it is asked for them. */
export interface Chosen {
  /** The field that holds them. */
  readonly within: string
  /** The query parameter, a comma list; in a search by groups the array of that name. */
  readonly param: string
  /** Those that are asked for where nobody names any. */
  readonly usual: readonly string[]
}
