// Large files outside the database: what a store of them can do, and the ones on this machine's disk and in S3.
export { createDiskFiles } from './disk.ts'
export type { FileStore } from './file-store.ts'
export { createS3Files, originOf, type S3Files, type S3Place, type S3Send, shownPlace } from './s3/index.ts'
