const pieceLength = 65_536

/** Texts in UTF-8, joined into pieces worth writing. */
export async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = ''
  for await (const more of texts) {
    text += more
    if (text.length < pieceLength) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/** The bytes of a stream, counted on their way. */
export async function* counted<Chunk extends Uint8Array>(
  source: AsyncIterable<Chunk>,
  count: (bytes: number) => void,
): AsyncGenerator<Chunk> {
  for await (const chunk of source) {
    count(chunk.length)
    yield chunk
  }
}
