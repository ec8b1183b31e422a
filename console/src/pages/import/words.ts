import type { OperationPreview, ResourcePreview } from '../../api/shapes.ts'

const verbs: Readonly<Record<string, string>> = {
  search: 'list',
  retrieve: 'get',
  create: 'create',
  update: 'change',
  replace: 'replace',
  remove: 'delete',
  updateAll: 'change',
  removeAll: 'delete',
}

/** What an operation does, in a word. */
export const verbWord = ({ verb }: OperationPreview): string => verbs[verb] ?? verb

type Listing = NonNullable<OperationPreview['listing']>

const pageWords: Readonly<Record<Listing['pages'], string>> = {
  provider: 'The vendor is asked for each page',
  here: 'The vendor is asked once, and pages are made here',
}

const whereWords: Readonly<Record<Listing['where'], string>> = {
  equals: 'of where, comparisons by = go to the vendor and the rest is done here',
  spine: 'of where, what must hold goes to the vendor and the rest is done here',
  whole: 'where goes to the vendor as a whole',
  here: 'where is done here',
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const hookWords = ({ hooks: { before, after } }: OperationPreview): readonly string[] => {
  const parts = [
    ...(before === 0 ? [] : [`${counted(before, 'hook')} before the call`]),
    ...(after === 0 ? [] : [`${counted(after, 'hook')} after it`]),
  ]
  if (parts.length === 0) return []
  const text = before === 0 ? `${counted(after, 'hook')} after the call` : parts.join(' and ')
  return [`${text}.`]
}

/** How an operation is done; whole sentences. */
export const howWords = (operation: OperationPreview): readonly string[] => {
  const { listing, next } = operation
  return [
    ...(listing === undefined ? [] : [`${pageWords[listing.pages]}; ${whereWords[listing.where]}.`]),
    ...hookWords(operation),
    ...(next === undefined ? [] : [`Then ${next} is called, and its reply is the answer.`]),
  ]
}

const changeWords = ({ changes }: ResourcePreview): string => {
  if (changes === undefined) return 'Events: none.'
  return changes.by === 'date'
    ? `Events: changes are found by ${changes.field}.`
    : 'Events: changes are found by comparing all rows.'
}

const bulkWords = ({ bulk: { download, upload } }: ResourcePreview): string => {
  const ways = [...(download ? ['download'] : []), ...(upload ? ['upload'] : [])]
  return ways.length === 0 ? 'Bulk: none.' : `Bulk: ${ways.join(' and ')}.`
}

/** What a resource has besides its operations; whole sentences. */
export const resourceWords = (resource: ResourcePreview): string =>
  `${changeWords(resource)} ${bulkWords(resource)}`
