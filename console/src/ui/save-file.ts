/** So long a browser may take to begin with a file. */
const keptForMs = 60_000

/** Saves something as a file; a plain link would not do, since no navigation carries the session. */
export const saveFile = (file: Blob, name: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), keptForMs)
}
