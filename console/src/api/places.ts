import type { Instance, LevelName, MappingUse } from './shapes.ts'

/** Where a definition or a transformation stands. An account without an id is the organization's default one. */
export type Place =
  | { readonly level: 'organization' }
  | { readonly level: 'account'; readonly id?: number }
  | { readonly level: 'instance'; readonly id: number }

export const organization: Place = { level: 'organization' }
export const account: Place = { level: 'account' }
export const placeOf = ({ id }: Pick<Instance, 'id'>): Place => ({ level: 'instance', id })

const roots: Readonly<Record<LevelName, string>> = {
  organization: '/organizations',
  account: '/accounts',
  instance: '/instances',
}

/** The beginning of its paths in the API. */
export const pathOf = (place: Place): string =>
  'id' in place && place.id !== undefined ? `${roots[place.level]}/${place.id}` : roots[place.level]

/** As addresses of the page and keys of queries have it. */
export const placeKey = (place: Place): string =>
  'id' in place && place.id !== undefined ? `${place.level}-${place.id}` : place.level

/** Undefined: the text names no place. */
export const placeIn = (text: string | undefined): Place | undefined => {
  const [, level, digits] = /^(organization|account|instance)(?:-(\d{1,15}))?$/.exec(text ?? '') ?? []
  const id = Number(digits)
  if (level === 'instance') return digits === undefined ? undefined : { level, id }
  if (level === 'account') return digits === undefined ? { level } : { level, id }
  return level === 'organization' && digits === undefined ? { level } : undefined
}

export const placeOfUse = (use: MappingUse): Place => {
  if (use.level === 'instance') return { level: 'instance', id: use.instance?.id ?? 0 }
  if (use.level === 'account') return { level: 'account', ...use.account }
  return organization
}
