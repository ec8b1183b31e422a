const extended = /;\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i
const quoted = /;\s*filename\s*=\s*"((?:\\.|[^"\\])*)"/i
const plain = /;\s*filename\s*=\s*([^";\s]+)/i

const decoded = (text: string | undefined): string | undefined => {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Many servers send UTF-8 as it is, and headers are read byte by byte. */
const asUtf8 = (text: string): string => {
  if ([...text].some((one) => one > '\u00ff')) return text
  const read = Buffer.from(text, 'latin1').toString('utf8')
  return read.includes('\ufffd') ? text : read
}

/** The last part of a path, without what no name of a file has. */
const bare = (name: string): string =>
  [...(name.split(/[/\\]/).at(-1) ?? '')]
    .filter((one) => one >= ' ' && one !== '\u007f')
    .join('')
    .trim()

/**
 * What the header Content-Disposition calls a file (RFC 6266 4.3: `filename*` wins, a path counts for nothing).
 * @returns undefined where it calls it nothing.
 */
export const fileNameIn = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined
  const asked =
    decoded(extended.exec(header)?.[1]) ??
    quoted.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ??
    plain.exec(header)?.[1]
  if (asked === undefined) return undefined
  const name = bare(asUtf8(asked).toWellFormed())
  return name === '' ? undefined : name
}
