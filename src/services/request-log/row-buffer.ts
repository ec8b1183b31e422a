const bytesHeld = 512 * 1024
/** The most bytes of a UTF-16 unit in UTF-8. */
const bytesOfUnit = 3
/** JSON text has no raw line break. */
const lineBreak = 0x0a

export type RowBuffer = ReturnType<typeof createRowBuffer>

/**
 * Rows of JSON text, kept as bytes outside V8's heap: a text for each call, which waits for the next statement, would
 * live through the next garbage collections, and be copied in each.
 */
export const createRowBuffer = () => {
  const bytes = Buffer.allocUnsafeSlow(bytesHeld)
  let end = 0
  let rows = 0

  return {
    /** How many rows are held. */
    size: (): number => rows,
    /** @returns whether there was room; an empty buffer has room for 170,000 characters. */
    add: (text: string): boolean => {
      if (text.length * bytesOfUnit >= bytesHeld - end) return false
      end += bytes.write(text, end)
      bytes[end] = lineBreak
      end += 1
      rows += 1
      return true
    },
    /** The rows; none are held after. */
    take: (): readonly string[] => {
      if (rows === 0) return []
      const text = bytes.toString('utf8', 0, end - 1)
      end = 0
      rows = 0
      return text.split('\n')
    },
  }
}
