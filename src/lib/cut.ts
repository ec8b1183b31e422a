/** A piece of a stream. */
export interface Piece {
  /** Overwritten by the next piece. */
  readonly bytes: Buffer
  readonly isLast: boolean
}

/**
 * Cuts a stream into pieces of exactly `size` bytes; the last may be shorter, and is empty only where the stream is.
 * All lie in one buffer: buffers that are made and dropped as a file is read outlive V8's small collections, and the
 * memory of them grows by 64 MB before a full one.
 * @param held of `size` bytes, where the caller has one.
 */
export async function* cut(
  source: AsyncIterable<Uint8Array>,
  size: number,
  held: Buffer = Buffer.allocUnsafeSlow(size),
): AsyncGenerator<Piece> {
  let length = 0
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; ) {
      // Only when a byte more has come is it certain that a full piece is not the last.
      if (length === size) {
        yield { bytes: held, isLast: false }
        length = 0
      }
      const some = chunk.subarray(from, from + size - length)
      held.set(some, length)
      length += some.length
      from += some.length
    }
  }
  yield { bytes: held.subarray(0, length), isLast: true }
}
