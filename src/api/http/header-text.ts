/** A text as a header may carry it (RFC 9110 5.5): printable ASCII, at most so many characters. */
export const headerText = (text: string, most: number): string =>
  text.replace(/[^\x20-\x7e]/g, '?').slice(0, most)
