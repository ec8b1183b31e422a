/** A source of choices: the same seed, name and case give the same choices on every machine. */
export interface Random {
  /** From 0 up to, but not, `below`. */
  readonly int: (below: number) => number
  /** True once in `times`. */
  readonly once: (times: number) => boolean
  readonly pick: <T>(from: readonly [T, ...T[]] | readonly T[]) => T
  /** Up to `most` (at least `least`) of what `make` makes. */
  readonly many: <T>(least: number, most: number, make: () => T) => T[]
}

/** FNV-1a over UTF-16 units. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** Mulberry32: 32 bits of state, plenty for choosing test data. */
const mulberry = (start: number): (() => number) => {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** The choices of one case of a proof. */
export const randomOf = (seed: number, name: string, number: number): Random => {
  const next = mulberry(hashOf(`${seed} ${name} ${number}`))
  const int = (below: number): number => Math.floor(next() * below)
  return {
    int,
    once: (times) => int(times) === 0,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new Error('nothing to pick from')
      return from[int(from.length)] as T
    },
    many: (least, most, make) => Array.from({ length: least + int(most - least + 1) }, make),
  }
}

const wide = [
  '\u0000',
  '\u0001',
  '\u001f',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  'é',
  'ß',
  'İ',
  'ı',
  '\u0301',
  '\u200b',
  '\u200d',
  '\u2028',
  '\u202e',
  '‘',
  '’',
  '“',
  '”',
  '\u3000',
  '漢',
  'ع',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\ud800',
  '\udfff',
  '😀',
  '𝒜',
  '🇩🇪',
  '%',
  '\\',
  '"',
  "'",
  '`',
  '\r',
  '\n',
  '\t',
] as const

/** Text of the kinds that break programs: controls, spaces, combining marks, lone surrogates, astral letters. */
export const oddText = (random: Random, most: number): string =>
  random
    .many(0, most, () => {
      if (random.once(3)) return random.pick(wide)
      if (random.once(4)) return String.fromCharCode(random.int(0x10000))
      return String.fromCharCode(32 + random.int(95))
    })
    .join('')

/** A text with one to `most` places changed: something left out, put in, doubled, swapped or cut off. */
export const mutated = (random: Random, text: string, most: number, piece: () => string): string =>
  random
    .many(1, most, () => undefined)
    .reduce<string>((now) => {
      const at = random.int(now.length + 1)
      const to = Math.min(now.length, at + 1 + random.int(random.once(4) ? 40 : 3))
      switch (random.int(6)) {
        case 0:
          return now.slice(0, at) + now.slice(to)
        case 1:
          return now.slice(0, at) + piece() + now.slice(at)
        case 2:
          return now.slice(0, at) + piece() + now.slice(to)
        case 3:
          return now.slice(0, to) + now.slice(at)
        case 4:
          return now.slice(0, at)
        default:
          return now.slice(at, to) + now.slice(0, at) + now.slice(to)
      }
    }, text)
