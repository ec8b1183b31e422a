import { account, organization, type Place, placeKey, placeOf } from '../api/places.ts'
import type { Instance, ShownLevel } from '../api/shapes.ts'

/** In words, with the names of instances that are known. */
export const placeWords = (place: Place, instances: readonly Instance[]): string => {
  if (place.level === 'organization') return 'the whole organization'
  if (place.level === 'account') return place.id === undefined ? 'the account' : `account ${place.id}`
  const found = instances.find(({ id }) => id === place.id)
  return found === undefined ? `instance ${place.id}` : `instance ${place.id}, ${found.name}`
}

export const levelWords: Readonly<Record<ShownLevel, string>> = {
  organization: 'the organization',
  account: 'the account',
  instance: 'the instance',
  system: 'what is ready-made',
}

/** Every place that something can stand at, for a choice. */
export const placeChoices = (
  instances: readonly Instance[],
): readonly { readonly value: string; readonly label: string }[] =>
  [organization, account, ...instances.map(placeOf)].map((place) => ({
    value: placeKey(place),
    label: placeWords(place, instances),
  }))
