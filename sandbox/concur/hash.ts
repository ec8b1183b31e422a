/**
 * Deterministic numbers from (seed, index, salt): the seeded data is computed, never stored.
 * Integer mixing after the well-known avalanche pattern (multiply, shift, xor); not for security.
 */
export const mix = (seed: number, index: number, salt: number): number => {
  let value = (seed ^ Math.imul(index, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca77)) >>> 0
  value = Math.imul(value ^ (value >>> 16), 0x21f0aaad)
  value = Math.imul(value ^ (value >>> 15), 0x735a2d97)
  return (value ^ (value >>> 15)) >>> 0
}

/** A number in [0, below), evenly spread. */
export const pickNumber = (seed: number, index: number, salt: number, below: number): number =>
  Math.floor((mix(seed, index, salt) / 0x1_0000_0000) * below)

/** One element of a list that must not be empty. */
export const pick = <Item>(list: readonly Item[], seed: number, index: number, salt: number): Item => {
  const item = list[pickNumber(seed, index, salt, list.length)]
  if (item === undefined) throw new Error('pick: the list is empty')
  return item
}

/** True for `percent` of all indexes. */
export const chance = (percent: number, seed: number, index: number, salt: number): boolean =>
  mix(seed, index, salt) / 0x1_0000_0000 < percent / 100

const rounds = [11, 23, 37, 53] as const

/** A one-to-one map of 32-bit numbers (a Feistel network), so that an id leads back to its index. */
export const scramble = (value: number, seed: number): number => {
  let left = value >>> 16
  let right = value & 0xffff
  for (const round of rounds) {
    const next = left ^ (mix(seed, right, round) & 0xffff)
    left = right
    right = next
  }
  return ((left << 16) | right) >>> 0
}

/** The inverse of `scramble` with the same seed. */
export const unscramble = (value: number, seed: number): number => {
  let left = value >>> 16
  let right = value & 0xffff
  for (const round of [...rounds].reverse()) {
    const previous = right ^ (mix(seed, left, round) & 0xffff)
    right = left
    left = previous
  }
  return ((left << 16) | right) >>> 0
}
