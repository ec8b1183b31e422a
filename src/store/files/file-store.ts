/** Where large files lie. Names are of lower-case letters, digits, `-`, `.` and `/`. */
export interface FileStore {
  /** Stores a file whole, or not at all; it replaces one of that name. @returns its bytes. */
  readonly put: (name: string, source: AsyncIterable<Uint8Array>) => Promise<number>
  /** The bytes from that one on; a chunk is good until the next is asked for. Rejects where there is no such file. */
  readonly read: (name: string, from: number) => AsyncIterable<Uint8Array>
  /** Its bytes, and when it was stored; of a folder, when a file right in it last was. Undefined: there is none. */
  readonly stat: (name: string) => Promise<{ readonly bytes: number; readonly at: Date } | undefined>
  /** Removes a file, or every file below `name/`; one that is not there is removed already. */
  readonly remove: (name: string) => Promise<void>
  /** The names right below a folder. */
  readonly list: (folder: string) => Promise<readonly string[]>
}
