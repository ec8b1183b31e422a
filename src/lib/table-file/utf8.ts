/** How many bytes a UTF-8 sequence has that begins with this byte; 0: none does. */
export const sequenceLength = (lead: number): number => {
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

/** The second byte is where too long forms, surrogates and what lies above U+10FFFF show. */
const secondFits = (lead: number, second: number): boolean => {
  if (second < 0x80 || second > 0xbf) return false
  if (lead === 0xe0) return second >= 0xa0
  if (lead === 0xed) return second < 0xa0
  if (lead === 0xf0) return second >= 0x90
  return lead !== 0xf4 || second < 0x90
}

/** The length of the UTF-8 sequence at a place; 0 when there is no valid and whole one. */
export const validSequence = (bytes: Uint8Array, at: number): number => {
  const lead = bytes[at] ?? 0x80
  const length = sequenceLength(lead)
  if (length === 1 || length === 0) return length
  if (!secondFits(lead, bytes[at + 1] ?? 0)) return 0
  for (let next = at + 2; next < at + length; next += 1) {
    const byte = bytes[next] ?? 0
    if (byte < 0x80 || byte > 0xbf) return 0
  }
  return length
}

/** How many bytes at the end may be the beginning of a sequence that goes on later. */
export const openEnd = (bytes: Uint8Array): number => {
  const { length } = bytes
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

const spoiledFrom = 0xdc00

/**
 * Decodes UTF-8 that has wrong bytes in it, each as half of a surrogate pair (U+DC80 to U+DCFF), which right UTF-8
 * never gives: so the text still says where each byte lay and which row is spoiled.
 */
export const decodeSpoiled = (bytes: Buffer): string => {
  let text = ''
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const length = validSequence(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    text += bytes.toString('utf8', from, at) + String.fromCharCode(spoiledFrom + (bytes[at] ?? 0))
    at += 1
    from = at
  }
  return text + bytes.toString('utf8', from)
}

const escapes = /(?<![\ud800-\udbff])[\udc80-\udcff]/g

/** How many bytes a text had that `decodeSpoiled` may have made. */
export const bytesOfSpoiled = (text: string): number =>
  // Half of a pair counts as the three bytes of the replacement character.
  Buffer.byteLength(text) - 2 * (text.match(escapes)?.length ?? 0)
