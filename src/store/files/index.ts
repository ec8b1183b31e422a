// Large files outside the database: what a store of them can do, and the one on this machine's disk.
export { createDiskFiles } from './disk.ts'
export type { FileStore } from './file-store.ts'
