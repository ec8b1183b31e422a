/** Media types of the files that vendors take, by how their names end. */
const byEnding: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
}

/** Other names of the same types. */
const usual: Readonly<Record<string, string>> = { 'image/jpg': 'image/jpeg' }

/** What a client says that does not know: nothing, or any bytes (RFC 2046 4.5.1). */
const isUnknown = (type: string): boolean => type === '' || type === 'application/octet-stream'

/** The type of a file as its sender tells it, else as its name ends. */
export const typeOfFile = (type: string, name: string | undefined): string => {
  if (!isUnknown(type)) return type
  const ending = /\.([a-z]+)$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(byEnding, ending) ? (byEnding[ending] ?? type) : type
}

/** How the name of a file of this type ends; `bin` for any bytes. */
export const endingOf = (type: string): string => {
  const wanted = usual[type] ?? type
  return Object.entries(byEnding).find(([, known]) => known === wanted)?.[0] ?? 'bin'
}
